// SPDX-License-Identifier: GPL-2.0-or-later
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { type Inside, runInside, startInside } from '../support/run-inside.ts';

const file = 'tests/integration/buildroot-cases.ts';

requires('overlayfs')('buildroots of who runs the tests', () => buildrootTests(() => undefined));

requires(
  'overlayfs',
  'root',
  'userns',
)('buildroots of an ordinary user', () => {
  let user: OrdinaryUser | undefined;
  beforeAll(async () => {
    user = await makeOrdinaryUser();
  });
  afterAll(() => user?.[Symbol.asyncDispose]());
  buildrootTests(() => user);
});

function buildrootTests(who: () => OrdinaryUser | undefined): void {
  const made: string[] = [];
  const makeDirectory = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'case-'));
    const user = who();
    if (user !== undefined) chownSync(path, user.uid, user.gid);
    made.push(path);
    return path;
  };
  const inside = (name: string, input: object): Promise<unknown> =>
    runInside({ file, name, input, user: who() });
  afterEach(async () => {
    for (const directory of made.splice(0)) {
      if (process.getuid?.() !== 0) await inside('empty', { directory });
      rmSync(directory, { recursive: true });
    }
  });

  test.each(['tmpfs', 'disk', 'copy'] as const)(
    '%s: private, complete, measured, gone afterwards',
    async (kind) => {
      expect(await inside('contract', { directory: makeDirectory(), kind })).toEqual({
        method: kind === 'copy' ? 'copy' : 'overlay',
        rootAsLower: true,
        contents: 'only root reads this\n',
        setuid: '4755',
        limit: kind === 'tmpfs' ? 8 * 1024 * 1024 : null,
        writtenAtFirst: expectedAtFirst(kind),
        // the hard link to what was changed is another name of it only where links are whole
        written:
          kind === 'copy'
            ? ['/etc', '/etc/file', '/etc/new', '/etc/same-file']
            : ['/etc', '/etc/file', '/etc/new'],
        added: ['/etc/new'],
        inSecond: ['the lower file\n', false],
        usedMebibytes: kind === 'copy' ? 1 : 2,
        hasFree: true,
        rootsLeft: [],
        runsLeft: [],
        mountsLeft: [],
        lowerUnchanged: true,
      });
    },
  );

  test('a clone by hard links lets the lower be changed', async () => {
    expect(await inside('hardLinks', { directory: makeDirectory() })).toEqual({ lowerUnchanged: false });
  });

  test('a full upper says so and is measured as full', async () => {
    expect(await inside('fullUpper', { directory: makeDirectory() })).toEqual({
      written: 'ENOSPC',
      freeBytes: 0,
      full: true,
    });
  });

  test('a root can be shown at a path that exists, and nobody else sees it', async () => {
    const directory = makeDirectory();
    const at = join(directory, 'constant');
    mkdirSync(at);
    writeFileSync(join(at, 'of-the-host'), '');
    const seen = (await inside('atPath', { directory, at, outsider: process.pid })) as {
      inside: string[];
      outside: string[];
    };
    expect(seen.inside).toContain('run-me');
    if (who() === undefined && process.getuid?.() === 0) expect(seen.outside).toEqual(['of-the-host']);
    expect(readdirSync(at)).toEqual(['of-the-host']);
  });

  test('a root can be shown at a path that does not exist, and it is removed again', async () => {
    const directory = makeDirectory();
    const at = join(directory, 'some/constant/path');
    const seen = (await inside('atPath', { directory, at, outsider: process.pid })) as object;
    expect(seen).toHaveProperty('inside', expect.arrayContaining(['run-me']));
    expect(readdirSync(directory).sort()).toEqual(['lower', 'state']);
  });

  test('private files are copied beforehand, unchanged, and never from outside', async () => {
    expect(await inside('privateFiles', { directory: makeDirectory() })).toEqual({
      copied: ['below', 'large'],
      sameFile: true,
      sameParent: true,
      written: ['/etc', '/etc/below'],
      refused: ['bad-option', 'bad-option', 'bad-option', 'bad-option'],
      roots: 1,
    });
  });

  test.each(['tmpfs', 'disk', 'copy'] as const)('%s: layers, in a path with separators', async (kind) => {
    expect(await inside('layers', { directory: makeDirectory(), kind })).toEqual({
      etc: ['below', 'file', 'large', 'link', 'same-file'],
      var: ['added', 'lib'],
      replaced: true,
    });
  });

  describe('after SIGKILL', () => {
    test('the next run removes everything, and nothing of a living one', async () => {
      const directory = makeDirectory();
      const [killed, living] = [join(directory, 'killed'), join(directory, 'living/below')];
      await inside('prepare', { directory });
      await using first = await hold({ directory, at: killed }, who());
      await using second = await hold({ directory, at: living }, who());
      await first.kill();
      expect(existsSync(killed)).toBe(true);
      expect(await inside('sweep', { directory })).toEqual({
        removed: 1,
        failed: [],
        left: [expect.stringMatching(/^\d+-\d+$/), expect.stringMatching(/^\d+-\d+\.lock$/)],
      });
      expect(existsSync(killed)).toBe(false);
      expect(existsSync(living)).toBe(true);
      await second.kill();
      expect(await inside('sweep', { directory })).toEqual({ removed: 1, failed: [], left: [] });
      expect(readdirSync(directory).sort()).toEqual(['lower', 'state']);
    });
  });
}

/** A process that holds roots until it is killed; ready when this returns. */
async function hold(
  input: { directory: string; at: string },
  user: OrdinaryUser | undefined,
): Promise<Inside> {
  const ready = Promise.withResolvers<void>();
  const onOutput = (text: string): void => {
    if (text.includes('held')) ready.resolve();
  };
  const inside = startInside({ file, name: 'holdRoots', input, user, onOutput });
  const ended = inside.ended.then((result) => Promise.reject(new Error(result.stderr)));
  ended.catch(() => undefined);
  await Promise.race([ready.promise, ended]);
  return inside;
}

function expectedAtFirst(kind: 'tmpfs' | 'disk' | 'copy'): readonly string[] {
  return kind === 'copy' ? [] : ['/var', '/var/lib'];
}
