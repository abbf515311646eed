// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What the dashboard takes, on an invented campaign of 34,000 tasks: first paint in Chromium, frames while scrolling,
 * first paint of its report without a server, 200 clients of 100 events a second, any line of a log of 200 MB, and the
 * size of the script.
 *
 *     node bench/dashboard.ts [TASKS]
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CampaignWriter } from '../src/db/campaign-writer.ts';
import { openDatabase } from '../src/db/database.ts';
import { applyEvent, emptyCampaign } from '../src/events/fold.ts';
import { AppendFile } from '../src/host/append-file.ts';
import { packLog } from '../src/host/log/pack-log.ts';
import { startBrowser } from '../tests/support/browser.ts';
import { followEvents } from '../tests/support/event-client.ts';
import { httpAsk } from '../tests/support/http-ask.ts';
import { paseka } from '../tests/support/paseka.ts';
import { recordCampaign } from '../tests/support/recorded-campaign.ts';
import { serveCampaigns } from '../tests/support/served-state.ts';

const tasks = Number(process.argv[2] ?? 34_000);
const clients = 200;
const eventsPerSecond = 100;
const busySeconds = 10;
const large = { id: '20260301-000000-aaaa', seed: 1, tasks, workers: 32, startedAt: Date.UTC(2026, 2, 1) };
const busy = { ...large, id: '20260302-000000-bbbb', seed: 2, tasks: 200 };

/** Scrolls for three seconds and gives the time of each frame. */
const scrolling = `new Promise((resolve) => {
  const frames = [];
  let last = performance.now();
  const began = last;
  const step = (now) => {
    frames.push(now - last);
    last = now;
    window.scrollBy(0, 900);
    if (now - began < 3000) requestAnimationFrame(step);
    else resolve(frames.slice(1));
  };
  requestAnimationFrame(step);
})`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const script = readFileSync(join(import.meta.dirname, '../dist/dashboard/app.js'));
print(
  `script: ${Math.round(script.length / 1000)} kB, compressed ${Math.round(gzipSync(script).length / 1000)} kB`,
);

const events = recordCampaign(large);
await using served = await serveCampaigns([events], 1);
const address = `${served.address}/campaigns/${large.id}`;
const started = performance.now();
const cold = await httpAsk(served.address, `/api/campaigns/${large.id}`);
print(
  `state of ${tasks} tasks, ${events.length} events, the first time: ${Math.round(performance.now() - started)} ms, ${Math.round(cold.body.length / 1000)} kB`,
);

await measureBrowser();
await measureReport();
await measureLog();
await measureClients();

async function measureBrowser(): Promise<void> {
  await using browser = await startBrowser();
  const paints: number[] = [];
  for (let round = 0; round < 5; round++) {
    await using opened = await browser.open(address);
    await opened.page.locator('.task-body .source').first().waitFor();
    paints.push(await opened.page.evaluate<number>('performance.now()'));
  }
  print(`table of tasks is there: median ${Math.round(median(paints))} ms of ${paints.length} loads`);
  await using opened = await browser.open(address);
  const session = await opened.page.context().newCDPSession(opened.page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const mainThreadMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
  await opened.page.reload();
  const beforeLoad = await mainThreadMs();
  await opened.page.locator('.task-body .source').first().waitFor();
  print(
    `of that, processor time of the page's thread: ${Math.round((await mainThreadMs()) - beforeLoad)} ms`,
  );
  const beforeScrolling = await mainThreadMs();
  const frames = await opened.page.evaluate<number[]>(scrolling);
  const perFrame = ((await mainThreadMs()) - beforeScrolling) / frames.length;
  print(`scrolling, processor time of the page's thread: ${perFrame.toFixed(1)} ms a frame`);
  const sorted = frames.toSorted((a, b) => b - a);
  print(
    `scrolling: ${frames.length} frames, longest ${Math.round(sorted[0] ?? 0)} ms, over 50 ms: ${frames.filter((ms) => ms > 50).length}`,
  );
}

/** The same campaign as a directory that is opened without a server. */
async function measureReport(): Promise<void> {
  const target = join(served.state.tmp, 'report');
  const made = performance.now();
  const { status, stderr } = await paseka(['campaign', 'report', large.id, '--html', target], {
    state: served.state.path,
  });
  if (status !== 0) throw new Error(stderr);
  const madeMs = performance.now() - made;
  await using browser = await startBrowser();
  const paints: number[] = [];
  for (let round = 0; round < 5; round++) {
    await using opened = await browser.open(`file://${target}/index.html`);
    await opened.page.locator('.task-body .source').first().waitFor();
    paints.push(await opened.page.evaluate<number>('performance.now()'));
  }
  print(
    `report as a directory: made in ${Math.round(madeMs)} ms; its table is there: median ${Math.round(median(paints))} ms of ${paints.length} loads`,
  );
}

async function measureLog(): Promise<void> {
  const state = emptyCampaign();
  for (const event of events) applyEvent(state, event);
  const task = state.tasks.values().find(({ attempts }) => attempts.length > 0);
  const path = join(served.state.campaigns, large.id, task?.attempts[0]?.log ?? '');
  const line = 'gcc -g -O2 -Werror=implicit-function-declaration -c -o part.o src/part.c';
  const lines = Math.ceil((200 * 1024 * 1024) / (line.length + 9));
  {
    using file = new AppendFile(`${path}.new`);
    for (let first = 0; first < lines; first += 10_000) {
      const count = Math.min(10_000, lines - first);
      const text = Array.from(
        { length: count },
        (_, index) => `${String(first + index + 1).padStart(8)} ${line}\n`,
      );
      file.write(Buffer.from(text.join('')));
    }
  }
  await rename(`${path}.new`, path);
  await packLog(path);
  const looks = (): number[] => {
    const path = `/api/campaigns/${large.id}/tasks/${task?.task}/log`;
    const script = join(import.meta.dirname, 'log-looks.ts');
    const words = [script, served.address, path, String(lines), '40'];
    return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })) as number[];
  };
  const times = [...looks(), ...looks(), ...looks()];
  const longest = Math.max(...times);
  print(
    `a log of 200 MB, ${lines} lines: any line median ${Math.round(median(times))} ms, at most ${Math.round(longest)} ms, in look ${times.indexOf(longest) + 1} of ${times.length}`,
  );
}

async function measureClients(): Promise<void> {
  const stream = recordCampaign(busy);
  using database = openDatabase(served.state.database);
  await using writer = new CampaignWriter(database, { request: '{}' });
  const state = emptyCampaign();
  const write = (some: typeof stream): void => {
    for (const event of some) {
      applyEvent(state, event);
      writer.write(event, state);
    }
  };
  write(stream.slice(0, 1));
  while ((await httpAsk(served.address, `/api/campaigns/${busy.id}`)).status !== 200) await delay(20);
  await using stack = new AsyncDisposableStack();
  const followers = [];
  for (let index = 0; index < clients; index++) {
    followers.push(stack.use(await followEvents(served.address, busy.id)));
  }
  const before = cpuMs(served.pid);
  const begun = performance.now();
  for (let part = 0; part < busySeconds * 10; part++) {
    write(stream.slice(state.seq, state.seq + eventsPerSecond / 10));
    await delay(Math.max(0, begun + (part + 1) * 100 - performance.now()));
  }
  await Promise.all(followers.map((follower) => follower.until(state.seq)));
  const seconds = (performance.now() - begun) / 1000;
  const cores = (cpuMs(served.pid) - before) / 1000 / seconds;
  print(
    `${clients} clients of ${Math.round(state.seq / seconds)} events a second: ${cores.toFixed(2)} cores of the server`,
  );
}

/** utime and stime of a process (proc(5)), in ticks of 10 ms. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
