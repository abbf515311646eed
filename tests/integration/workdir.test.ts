// SPDX-License-Identifier: GPL-2.0-or-later
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { readHostSources } from '../support/host-sources.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { runInside, startInside } from '../support/run-inside.ts';
import { runTool } from '../support/run-tool.ts';
import type { AptSeen } from './workdir-cases.ts';

const file = 'tests/integration/workdir-cases.ts';

requires('overlayfs')('clones of who runs the tests', () => workdirTests(() => undefined));

requires(
  'overlayfs',
  'root',
  'userns',
)('clones of an ordinary user', () => {
  let user: OrdinaryUser | undefined;
  beforeAll(async () => {
    user = await makeOrdinaryUser();
  });
  afterAll(() => user?.[Symbol.asyncDispose]());
  workdirTests(() => user);
});

requires('overlayfs', 'mirror')('an apt root of the real archive', () => {
  let directory = '';
  beforeAll(() => {
    directory = makeDirectory();
  });
  afterAll(() => cleanUp(directory, undefined));
  test('32 clones neither make caches anew nor write more than some kilobytes', async () => {
    const sources = await readHostSources();
    const input = { directory, clones: 32, sources, package: 'hello' };
    const seen = await runInside<AptSeen>({ file, name: 'aptClones', input });
    expect(seen.rootBytes).toBeGreaterThan(50_000_000);
    expectSharedCaches(seen, 32);
  });
});

function workdirTests(who: () => OrdinaryUser | undefined): void {
  const made: string[] = [];
  const ownDirectory = (): string => {
    const path = makeDirectory(who());
    made.push(path);
    return path;
  };
  const inside = (name: string, input: object): Promise<unknown> =>
    runInside({ file, name, input, user: who() });
  afterEach(async () => {
    for (const directory of made.splice(0)) await cleanUp(directory, who());
  });

  describe.each([{ contained: true }, { contained: false }])('contained: $contained', ({ contained }) => {
    test('each sees its own clone at the same path at the same time, and nobody else any', async () => {
      const directory = ownDirectory();
      const seen = await inside('together', { directory, contained, outsider: process.pid });
      expect(seen).toEqual({
        results: Array.from({ length: 5 }, (_, index) => ({
          index,
          exitCode: index + 3,
          writtenBytes: 4096,
          writtenPaths: ['/etc', '/mine', '/var', '/var/lib'],
        })),
        output: Array.from({ length: 5 }, (_, index) => `written ${index} `),
        outside: [who() === undefined && process.getuid?.() === 0 ? [] : null],
        left: ['from', 'state'],
        unchanged: true,
      });
    });

    test('each way to end is told', async () => {
      expect(await inside('ends', { directory: ownDirectory(), contained })).toEqual([0, 77, 143, 127, 126]);
    });

    test('cancelled, all end, and those that had not begun do not', async () => {
      const directory = ownDirectory();
      const fifo = await makeFifo(directory);
      const allGone = readFile(fifo);
      const input = {
        directory,
        contained,
        fifo,
        clones: 3,
        abort: true,
        command: 'trap "" TERM; echo alive; sleep 1000',
      };
      expect(await inside('linger', input)).toEqual(threeTimes({ end: 'cancelled', exitCode: null }));
      await allGone;
      expect(readdirSync(directory).sort()).toEqual(['fifo', 'from', 'state']);
      expect(readdirSync(join(directory, 'state/run'))).toEqual([]);
    });

    test('killed by SIGKILL, it takes all commands with it', async () => {
      const directory = ownDirectory();
      const fifo = await makeFifo(directory);
      const allGone = readFile(fifo);
      const alive = Promise.withResolvers<void>();
      const input = {
        directory,
        contained,
        fifo,
        clones: 3,
        abort: false,
        command: 'echo alive; exec sleep 1000',
      };
      await using running = startInside({
        file,
        name: 'linger',
        input,
        user: who(),
        onOutput: (text) => {
          if (text.includes('all alive')) alive.resolve();
        },
      });
      await alive.promise;
      await running.kill();
      await allGone;
    });
  });

  test('what a command leaves running ends with it', async () => {
    const directory = ownDirectory();
    const fifo = await makeFifo(directory);
    const allGone = readFile(fifo);
    const command = 'setsid sh -c "trap \\"\\" TERM HUP; sleep 1000" > /dev/null 2>&1 &';
    const input = { directory, contained: true, fifo, clones: 1, abort: false, command };
    expect(await inside('linger', input)).toEqual([{ end: 'exited', exitCode: 0 }]);
    await allGone;
  });

  test('an apt root keeps its caches in 12 clones, and loses them at another path', async () => {
    const input = { directory: ownDirectory(), clones: 12, sources: [], package: 'package-3999' };
    expectSharedCaches((await inside('aptClones', input)) as AptSeen, 12);
  });
}

function expectSharedCaches(seen: AptSeen, clones: number): void {
  expect(seen.clones).toHaveLength(clones);
  for (const clone of seen.clones) {
    expect(clone.exitCode).toBe(0);
    expect(clone.writtenBytes).toBeLessThanOrEqual(8192);
    expect(clone.writtenPaths.filter((path) => path.endsWith('.bin'))).toEqual([]);
  }
  expect(seen.installs).toBeGreaterThanOrEqual(clones);
  // control: without the constant path, the same command does what all of this is there to avoid
  const [other] = seen.elsewhere;
  expect(other?.exitCode).toBe(0);
  expect(
    other?.writtenPaths.filter((path) => path.endsWith('.bin')).map((path) => path.split('/').at(-1)),
  ).toEqual(['pkgcache.bin', 'srcpkgcache.bin']);
  expect(other?.writtenBytes).toBeGreaterThan(500_000);
}

function makeDirectory(user?: OrdinaryUser): string {
  const path = mkdtempSync(join(tmpdir(), 'case-'));
  if (user !== undefined) chownSync(path, user.uid, user.gid);
  return path;
}

async function cleanUp(directory: string, user: OrdinaryUser | undefined): Promise<void> {
  if (process.getuid?.() !== 0) await runInside({ file, name: 'empty', input: { directory }, user });
  rmSync(directory, { recursive: true });
}

function threeTimes<T>(value: T): readonly T[] {
  return [value, value, value];
}

async function makeFifo(directory: string): Promise<string> {
  const fifo = join(directory, 'fifo');
  await runTool(['mkfifo', fifo]);
  chmodSync(fifo, 0o666);
  return fifo;
}
