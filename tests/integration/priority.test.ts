// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as passes } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { engineTests, makePlace } from '../support/engine-tests.ts';
import { startPaseka } from '../support/paseka.ts';
import { readRebuildDocument, taskOf } from '../support/rebuild-document.ts';
import { makeBinaryPackage, type SmallBinary } from '../support/small-packages.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

/** Field 41 of proc_pid_stat(5); no name of a process here has a blank in it. */
const sayPriority = (name: string): string =>
  `read -r stat </proc/self/stat; set -- $stat; echo "${name}: policy \${41}, $(ionice -p $$)"`;

const idle = 'policy 5, idle';
const usual = /policy 0, (none|best-effort): prio \d$/;

/** A package that says how it is installed, and takes long enough to unpack for that to be seen. */
function noted(name: string): SmallBinary {
  return {
    name,
    files: { [`/usr/share/${name}`]: new Uint8Array(150 * 1024 ** 2) },
    scripts: { postinst: `#!/bin/sh\n${sayPriority(name)}\n` },
  };
}

/** Looks at whatever unpacks packages into a state directory, until stopped; which priorities it had. */
function watchUnpacking(state: string): { stop(): Promise<readonly string[]> } {
  const seen = new Set<string>();
  const lookedAt = new Set<string>();
  const over = new AbortController();
  const watching = (async () => {
    for (; !over.signal.aborted; await passes(5)) {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !lookedAt.has(name))) {
        try {
          const [tool = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
          if (tool !== 'tar' || !words.some((word) => word.startsWith(`--directory=${state}/`))) continue;
          const policy = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[40];
          const class_ = spawnSync('ionice', ['-p', pid], { encoding: 'utf8' }).stdout.trim();
          lookedAt.add(pid);
          if (class_ !== '') seen.add(`policy ${policy}, ${class_}`);
        } catch {
          // it has ended
        }
      }
    }
  })();
  return {
    async stop() {
      over.abort();
      await watching;
      return [...seen];
    },
  };
}

engineTests('priorities', (engine) => {
  test('idle is what is prepared ahead, and nothing that a worker does or waits for', async () => {
    await using place = await makePlace(engine);
    const packages = await Promise.all(
      ['notes-first', 'notes-ahead', 'notes-check'].map((name) =>
        makeBinaryPackage(noted(name), place.scratch),
      ),
    );
    const sources = [
      await place.source({ ...waiting, buildDepends: 'notes-first' }),
      await place.source({
        name: 'follows',
        buildDepends: 'notes-ahead',
        binaries: { follows: { Depends: 'notes-check' } },
        files: { 'debian/say': `${sayPriority('build')}\n` },
        rules: `#!/usr/bin/make -f
build: debian/said
debian/said:
	sh debian/say
	touch $@
clean:
binary: build
	mkdir -p debian/tmp/DEBIAN debian/tmp/usr/share/doc/follows
	dpkg-gencontrol -pfollows -Pdebian/tmp
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
      }),
    ];
    const given = packages.flatMap((path) => ['--with', path]);
    const words = [
      'rebuild',
      ...engine.from,
      '--verbose',
      '--json',
      '--jobs',
      '1',
      '--retries',
      '0',
      ...given,
      ...sources,
    ];

    const first = watchUnpacking(place.state);
    await using running = startPaseka(words, place);
    await running.said(/notes-first: policy/);
    expect(await first.stop()).toEqual([expect.stringMatching(usual)]);

    // the only worker has a build that waits
    const ahead = watchUnpacking(place.state);
    await running.said(/begun/);
    await running.said(/notes-ahead: policy/);
    expect(await ahead.stop()).toEqual([idle]);

    const worker = watchUnpacking(place.state);
    openGate(place, running);
    const { stdout, stderr } = await running.ended;
    expect(await worker.stop()).toEqual([expect.stringMatching(usual)]);

    const document = readRebuildDocument(stdout);
    expect(taskOf(document, 'waiting')).toMatchObject({ outcome: 'failed', reason: 'error: opened' });
    expect(taskOf(document, 'follows').outcome, stderr).toBe('built');
    const logs = ['waiting', 'follows'].map((name) =>
      readFileSync(taskOf(document, name).log ?? '', 'utf8')
        .split('\n')
        .filter((line) => /^[a-z-]+: policy/.test(line)),
    );
    expect(logs).toEqual([
      [expect.stringMatching(/^notes-first: /)],
      [
        `notes-ahead: ${idle}`,
        expect.stringMatching(new RegExp(`^build: ${usual.source}`)),
        expect.stringMatching(new RegExp(`^notes-check: ${usual.source}`)),
      ],
    ]);
    expect(logs[0]?.[0]).toMatch(usual);
  });
});
