// SPDX-License-Identifier: GPL-2.0-or-later
import { chmod, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CampaignWriter } from '../../src/db/campaign-writer.ts';
import { openDatabase } from '../../src/db/database.ts';
import { applyEvent, emptyCampaign } from '../../src/events/fold.ts';
import { makeScratchDirectory } from '../../src/host/scratch-directory.ts';
import { renewToken, serverToken } from '../../src/server/server-token.ts';
import { type EventClient, followEvents } from '../support/event-client.ts';
import { httpAsk } from '../support/http-ask.ts';
import { recordCampaign } from '../support/recorded-campaign.ts';
import { type ServedState, serveCampaigns } from '../support/served-state.ts';

const startedAt = Date.UTC(2026, 2, 1, 14, 25);
const ended = { id: '20260301-142500-aaaa', seed: 1, tasks: 60, workers: 4, startedAt };
const open = { ...ended, id: '20260302-142500-bbbb', seed: 2, until: 0.5 };
const endedEvents = recordCampaign(ended);
const openEvents = recordCampaign(open);

let served: ServedState;
beforeAll(async () => {
  served = await serveCampaigns([endedEvents, openEvents]);
});
afterAll(() => served[Symbol.asyncDispose]());

const ask: (path: string, options?: Parameters<typeof httpAsk>[2]) => ReturnType<typeof httpAsk> = (
  path,
  options,
) => httpAsk(served.address, path, options);

function lastOf(events: typeof endedEvents): number {
  return events.at(-1)?.seq ?? 0;
}

/** A task of the ended campaign that was built, with what it gave. */
function builtTask(): { task: number; source: string; file: string; log: string } {
  const state = emptyCampaign();
  for (const event of endedEvents) applyEvent(state, event);
  const found = state.tasks.values().find(({ artifacts }) => artifacts.length > 0);
  return {
    task: found?.task ?? -1,
    source: found?.source ?? '',
    file: found?.artifacts[0]?.file ?? '',
    log: found?.attempts[0]?.log ?? '',
  };
}

interface OpenApi {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post?: object;
        readonly get?: {
          readonly responses: Readonly<
            Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
          >;
        };
      }
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

describe('the API', () => {
  test('answers what its OpenAPI document says', async () => {
    const { task, file, source: builtInBoth } = builtTask();
    const { body } = await ask('/api/openapi.json');
    const text = body.replaceAll('#/components/schemas/', '#/$defs/');
    const { paths, components } = JSON.parse(text) as OpenApi;
    const seen: string[] = [];
    for (const [template, { get }] of Object.entries(paths)) {
      const schema = get?.responses['200']?.content?.['application/json']?.schema;
      // These two take campaigns that were really run: started-campaign.test.ts.
      if (schema === undefined || /\{start\}|dependencies$/.test(template)) continue;
      const path = template
        .replace('{campaign}', ended.id)
        .replace('{task}', String(task))
        .replace('{file}', file)
        .replace('{source}', builtInBoth)
        .replace('{before}', ended.id)
        .replace('{after}', ended.id)
        .replace(/search$/, 'search?text=gcc');
      const answer = await ask(path);
      expect(answer.status, `${path}: ${answer.body}`).toBe(200);
      const parsed = z
        .fromJSONSchema({ ...schema, $defs: components.schemas } as Parameters<typeof z.fromJSONSchema>[0])
        .safeParse(JSON.parse(answer.body));
      expect(parsed.error, path).toBeUndefined();
      seen.push(template);
    }
    expect(seen.length).toBeGreaterThanOrEqual(11);
  });

  test('what is not there is an error document with a hint', async () => {
    for (const [path, status, code] of [
      ['/api/campaigns/nothing', 404, 'unknown-campaign'],
      [`/api/campaigns/${ended.id}/tasks/99999`, 404, 'unknown-task'],
      [`/api/campaigns/${ended.id}/tasks/x`, 400, 'bad-option'],
      [`/api/campaigns/${ended.id}/tasks/0/log?attempt=9`, 404, 'unknown-task'],
      ['/api/packages/nothing', 404, 'unknown-source'],
      ['/nothing', 404, 'unknown-page'],
    ] as const) {
      const answer = await ask(path);
      expect(answer.status, path).toBe(status);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code, hint: expect.stringMatching(/./) } });
    }
  });

  test('health and metrics', async () => {
    expect(JSON.parse((await ask('/health')).body)).toMatchObject({ status: 'ok' });
    const { body, headers } = await ask('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toContain('paseka_campaigns{status="ended"} 1');
    for (const line of body.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
      expect(line).toMatch(/^paseka_[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [\d.]+$/);
    }
  });
});

describe('a log', () => {
  test('comes by lines, from the end too, and is searched', async () => {
    const { task } = builtTask();
    const path = `/api/campaigns/${ended.id}/tasks/${task}/log`;
    const whole = JSON.parse((await ask(`${path}?count=5000`)).body) as Lines;
    expect(whole).toMatchObject({ firstLine: 1, totalLines: 440 });
    expect(whole.lines).toHaveLength(440);
    const part = JSON.parse((await ask(`${path}?from=100&count=3`)).body) as Lines;
    expect(part.lines).toEqual(whole.lines.slice(99, 102));
    const end = JSON.parse((await ask(`${path}?from=-2&count=10`)).body) as Lines;
    expect(end).toMatchObject({ firstLine: 439, lines: whole.lines.slice(-2) });
    const found = JSON.parse((await ask(`${path}/search?text=Entering&limit=2&after=45`)).body) as object;
    expect(found).toMatchObject({ matches: [{ line: 81 }, { line: 121 }], hasMore: true });
  });
});

interface Lines {
  readonly lines: readonly string[];
}

describe('files of a campaign', () => {
  test('an artifact is a download, whatever is in it', async () => {
    const { task, file } = builtTask();
    const answer = await ask(`/api/campaigns/${ended.id}/tasks/${task}/artifacts/${file}`);
    expect(answer).toMatchObject({ status: 200, body: `contents of ${file}\n` });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/),
    });
  });

  test('HEAD opens nothing that stays open', async () => {
    const { task, file } = builtTask();
    const openFiles = async (): Promise<number> => (await readdir(`/proc/${served.pid}/fd`)).length;
    const path = `/api/campaigns/${ended.id}/tasks/${task}/artifacts/${file}`;
    const head = await ask(path, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(head.headers['content-length']).toBe(String(`contents of ${file}\n`.length));
    const before = await openFiles();
    for (let times = 0; times < 30; times++) {
      expect(await ask(path, { method: 'HEAD' })).toMatchObject({ status: 200 });
      const stream = await ask(`/api/campaigns/${ended.id}/events`, { method: 'HEAD' });
      expect(stream).toMatchObject({ status: 200, body: '' });
    }
    expect(await openFiles()).toBeLessThan(before + 15);
    expect((await ask('/metrics')).body).toMatch(/^paseka_event_clients 0$/m);
  });

  test('no path leads out of the directory of a campaign', async () => {
    const { task } = builtTask();
    const at = `/api/campaigns/${ended.id}/tasks/${task}/artifacts`;
    for (const path of [
      `${at}/../../../../paseka.sqlite`,
      `${at}/..%2f..%2f..%2fversion`,
      `${at}/%2e%2e/%2e%2e/%2e%2e/version`,
      `${at}/%2fetc%2fpasswd`,
      `${at}/..`,
      '/../src/cli/main.ts',
      '/..%2f..%2fpackage.json',
      `/api/campaigns/..%2f..%2f/tasks/0/log`,
    ]) {
      const { status, body } = await ask(path);
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(body, path).not.toContain('root:');
    }
  });

  test('no link does either', async () => {
    const { task, file, log } = builtTask();
    const directory = join(served.state.campaigns, ended.id);
    const secret = join(served.state.path, 'secret');
    await writeFile(secret, 'root: secret\n');
    const result = join(directory, log.replace(/^logs/, 'results').replace(/[.]log$/, ''), file);
    for (const path of [result, join(directory, log)]) {
      await rm(path);
      await symlink(secret, path);
    }
    for (const path of [`artifacts/${file}`, 'log', 'log/search?text=secret']) {
      const { status, body } = await ask(`/api/campaigns/${ended.id}/tasks/${task}/${path}`);
      expect(status, path).toBe(404);
      expect(body).not.toContain('secret');
    }
  });
});

describe('who may ask', () => {
  test('not under another name, nor a script of another site', async () => {
    for (const headers of [
      { host: 'evil.example.org' },
      { host: `evil.example.org:${new URL(served.address).port}` },
      { origin: 'http://evil.example.org' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
    ]) {
      const { status, body } = await ask('/api/campaigns', { headers });
      expect(status, JSON.stringify(headers)).toBe(403);
      expect(body).not.toContain(ended.id);
    }
    const { host } = new URL(served.address);
    const own = { host, origin: served.address, 'sec-fetch-site': 'same-origin' };
    expect((await ask('/api/campaigns', { headers: own })).status).toBe(200);
  });

  test('a link from elsewhere leads to a page, but asks nothing of the API', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect((await ask(`/campaigns/${ended.id}`, { headers })).status).toBe(200);
    expect((await ask('/api/campaigns', { headers })).status).toBe(403);
  });

  test('nothing is changed without the token, which becomes a cookie that no script sees', async () => {
    const path = `/api/campaigns/${ended.id}/cancel`;
    const isRefused = async (headers: Readonly<Record<string, string>>): Promise<boolean> =>
      (await ask(path, { method: 'POST', headers })).status === 401;
    expect(await isRefused({})).toBe(true);
    expect(await isRefused({ authorization: 'Bearer wrong' })).toBe(true);
    expect(await isRefused({ cookie: 'paseka=wrong' })).toBe(true);
    expect((await ask('/?token=wrong')).headers['set-cookie']).toBeUndefined();
    const welcome = await ask(`/?token=${served.token}`);
    expect(welcome).toMatchObject({ status: 303, headers: { location: '/' } });
    const [cookie = ''] = welcome.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    expect(await isRefused({ cookie: cookie.split(';')[0] ?? '' })).toBe(false);
    expect(await isRefused({ authorization: `Bearer ${served.token}` })).toBe(false);
    const stopped = await ask(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(stopped.status).toBe(409);
    expect(JSON.parse(stopped.body)).toMatchObject({ error: { code: 'campaign-not-running' } });
    const session = await ask('/api/session', { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(JSON.parse(session.body)).toEqual({ mayChange: true });
  });

  test('nothing is started, retried or gone on with without the token, nor by another site', async () => {
    const token = { authorization: `Bearer ${served.token}` };
    const { paths } = JSON.parse((await ask('/api/openapi.json')).body) as OpenApi;
    const changes = Object.entries(paths).flatMap(([path, { post }]) => (post === undefined ? [] : [path]));
    expect(changes).toHaveLength(4);
    for (const template of changes) {
      const path = template.replace('{campaign}', ended.id);
      for (const [headers, status] of [
        [{}, 401],
        [{ cookie: `paseka-${new URL(served.address).port}=${'x'.repeat(32)}` }, 401],
        [{ ...token, origin: 'http://evil.example.org' }, 403],
        [{ ...token, host: 'evil.example.org' }, 403],
        [{ ...token, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 403],
        [{ ...token, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' }, 403],
        // A form of another page could send these: they are not taken for JSON.
        [{ ...token, 'content-type': 'text/plain' }, 415],
      ] as const) {
        const asked = await ask(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: '{"now":"perhaps","surprise":1}',
        });
        expect(asked.status, `${path} ${JSON.stringify(headers)}: ${asked.body}`).toBe(status);
      }
    }
    const unknown = await ask('/api/starts/nothing');
    expect(JSON.parse(unknown.body)).toMatchObject({ error: { code: 'unknown-start' } });
    expect(unknown.status).toBe(404);
  });

  test('what starts a process needs the token, though it only reads', async () => {
    const path = `/api/campaigns/${ended.id}/tasks/0/dependencies`;
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path.replace('dependencies', '%64ependencies'))).status).toBe(401);
    expect((await ask(`/api/campaigns/${ended.id}/tasks/0`)).status).toBe(200);
  });

  test('of several that start at once all have the same token', async () => {
    await using directory = await makeScratchDirectory(served.state.tmp, 'token');
    const path = join(directory.path, 'token');
    const tokens = await Promise.all(Array.from({ length: 20 }, () => serverToken(path)));
    expect(new Set(tokens).size).toBe(1);
    expect(await serverToken(path)).toBe(tokens[0]);
  });

  test('the token is kept where only its owner reads it, and is the same after a restart, until it is renewed', async () => {
    const { token } = served;
    const mode = async (): Promise<number> => (await stat(served.state.serverToken)).mode & 0o777;
    expect(await mode()).toBe(0o600);
    await served.kill();
    await served.restart();
    expect(served.token).toBe(token);
    const mayChange = async (): Promise<unknown> =>
      JSON.parse((await ask('/api/session', { headers: { authorization: `Bearer ${token}` } })).body);
    expect(await mayChange()).toEqual({ mayChange: true });
    await renewToken(served.state.serverToken);
    expect(await mayChange(), 'as another server did').toEqual({ mayChange: false });
    await served.kill();
    await served.restart('--new-token');
    const renewed = served.token;
    expect(renewed).not.toBe(token);
    await served.kill();
    await chmod(served.state.serverToken, 0o644);
    await served.restart();
    expect(served.token, 'others may have read it').not.toBe(renewed);
    expect(await mode()).toBe(0o600);
  });

  test('every answer says what a page may do', async () => {
    for (const path of ['/', '/app.js', '/api/campaigns', '/nothing', `/campaigns/${ended.id}`]) {
      const { headers } = await ask(path);
      expect(headers, path).toMatchObject({
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; script-src 'self'; style-src 'self'/,
        ),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
  });
});

describe('the stream of events', () => {
  test('begins where the client was, and goes on when the server was killed', async () => {
    using first = await followEvents(served.address, ended.id, { 'last-event-id': '10' });
    await first.until(lastOf(endedEvents));
    expect(first.events).toEqual(endedEvents.slice(10));
    using broken = await followEvents(served.address, open.id);
    await broken.until(lastOf(openEvents));
    const cut = expect(broken.until(lastOf(openEvents) + 1)).rejects.toThrow();
    await served.kill();
    await cut;
    await served.restart();
    const seen = broken.events.length - 5;
    using again = await followEvents(served.address, open.id, { 'last-event-id': String(seen) });
    await again.until(lastOf(openEvents));
    expect(again.events).toEqual(openEvents.slice(seen));
  });

  test('two hundred clients see all of a busy campaign of another process, each event once', async () => {
    const events = recordCampaign({ ...ended, id: '20260303-142500-cccc', seed: 3 });
    const half = Math.floor(events.length / 2);
    using database = openDatabase(served.state.database);
    await using writer = new CampaignWriter(database, { request: '{}' });
    const state = emptyCampaign();
    const write = (some: typeof events): void => {
      for (const event of some) {
        applyEvent(state, event);
        writer.write(event, state);
      }
    };
    write(events.slice(0, 1));
    await expect.poll(async () => (await ask('/api/campaigns/20260303-142500-cccc')).status).toBe(200);
    await using stack = new AsyncDisposableStack();
    const clients: EventClient[] = [];
    for (let index = 0; index < 200; index++) {
      clients.push(stack.use(await followEvents(served.address, '20260303-142500-cccc')));
    }
    write(events.slice(1, half));
    await Promise.all(clients.map((client) => client.until(half / 2)));
    write(events.slice(half));
    await Promise.all(clients.map((client) => client.until(lastOf(events))));
    for (const client of clients) expect(client.events).toEqual(events);
  });
});
