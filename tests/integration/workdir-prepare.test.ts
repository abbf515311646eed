// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, globSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asOrdinaryUser } from '../support/as-ordinary-user.ts';
import { requires } from '../support/capabilities.ts';
import { makeOrdinaryUser } from '../support/ordinary-user.ts';
import {
  type ErrorDocument,
  type PasekaOptions,
  paseka,
  pasekaJson,
  startPaseka,
} from '../support/paseka.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

interface Prepared {
  readonly outcome: 'made' | 'unchanged' | 'failed';
  readonly workdir: { readonly key: string; readonly at: string };
}

interface Cloned {
  readonly clones: readonly {
    readonly exitCode: number;
    readonly writtenBytes: number;
    readonly unsharedPaths?: readonly string[];
  }[];
  readonly changedInputs: readonly string[];
}

interface Listed {
  readonly workdirs: readonly { readonly name: string; readonly earlierStates: number }[];
}

/** A script that prepares, what it depends on, and a log of its runs. */
interface Place extends PasekaOptions, AsyncDisposable {
  readonly state: string;
  readonly scratch: string;
  readonly input: string;
  readonly at: string;
  /** How often the script was run. */
  runs(): number;
  /** The words that prepare `hive`; `more` is what the script does in the end. */
  words(more?: string, name?: string): readonly string[];
  prepare(more?: string, status?: number, options?: PasekaOptions): Promise<Prepared>;
  /** Runs a line of shell in clones. */
  clone(line: string, status?: number, more?: readonly string[]): Promise<Cloned>;
  refused(words: readonly string[], status?: number): Promise<ErrorDocument['error']>;
  list(): Promise<Listed['workdirs']>;
}

async function makePlace(): Promise<Place> {
  const temporary = await makeTemporaryDirectory();
  const scratch = temporary.path;
  const [state, input, at, log] = ['state', 'input', 'constant/path', 'log'].map((name) =>
    join(scratch, name),
  ) as [string, string, string, string];
  writeFileSync(input, 'first\n');
  const fill = `echo run >> ${log}; cp ${input} "$PASEKA_WORKDIR/copy"; cd ${at} && pwd > seen`;
  const words = (more = 'true', name = 'hive'): string[] => [
    ...['workdir', 'prepare', name, '--at', at, '--input', input, '--environment', 'SEASON'],
    ...['--', 'sh', '-c', `${fill}; ${more}`],
  ];
  return {
    state,
    scratch,
    input,
    at,
    runs: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
    words,
    prepare: (more, status = 0, options = {}) =>
      pasekaJson<Prepared>(words(more), status, { state, ...options }),
    clone: (line, status = 0, more = []) =>
      pasekaJson<Cloned>(
        ['workdir', 'run', '--from', 'hive', '--clones', '2', ...more, '--', 'sh', '-c', line],
        status,
        { state },
      ),
    refused: async (refusedWords, status = 2) =>
      (await pasekaJson<ErrorDocument>(refusedWords, status, { state })).error,
    list: async () => (await pasekaJson<Listed>(['workdir', 'list'], 0, { state })).workdirs,
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  };
}

async function makeFifo(place: Place, name: string): Promise<string> {
  const path = join(place.scratch, name);
  await runTool(['mkfifo', path]);
  return path;
}

requires('overlayfs', 'root')('workdir prepare', () => {
  test('prepares once, again when something it depends on changes, and clones see it at its path', async () => {
    await using place = await makePlace();
    const first = await place.prepare();
    expect(first).toMatchObject({ outcome: 'made', workdir: { at: place.at } });
    expect(existsSync(place.at), 'the path is there only while it is used').toBe(false);
    expect(await place.prepare()).toMatchObject({
      outcome: 'unchanged',
      workdir: { key: first.workdir.key },
    });
    expect(place.runs()).toBe(1);

    const line = `cd ${place.at} && [ "$(cat seen)" = "$PWD" ] && cat copy | grep -q first && echo own > copy`;
    const { clones, changedInputs } = await place.clone(line);
    expect(clones.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(changedInputs).toEqual([]);

    const environment = { SEASON: 'winter' };
    expect(await place.prepare(undefined, 0, { environment })).toMatchObject({ outcome: 'made' });
    expect(await place.prepare('true; true')).toMatchObject({ outcome: 'made' });
    utimesSync(place.input, 1, 1);
    expect(await place.prepare('true; true'), 'apt looks at times').toMatchObject({ outcome: 'made' });
    writeFileSync(place.input, 'second\n');
    expect(await place.prepare('true; true')).toMatchObject({ outcome: 'made' });
    expect(place.runs()).toBe(5);
    await place.clone(`grep -q second ${place.at}/copy`);
    expect(globSync('prepared/hive/*/root', { cwd: place.state }), 'older states are gone').toHaveLength(1);
    expect(await paseka(['workdir', 'list'], place)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('hive'),
    });
    expect(await paseka(['workdir', 'remove', 'hive'], place)).toMatchObject({ stdout: 'removed hive\n' });
    expect(await place.list()).toEqual([]);
    expect(globSync('{prepared,tmp}/*', { cwd: place.state })).toEqual([]);
  });

  test('two processes at once prepare it once', async () => {
    await using place = await makePlace();
    const fifo = await makeFifo(place, 'go-on');
    const words = place.words(`echo begun >&2; read line < ${fifo}`);
    await using first = startPaseka(words, place);
    await first.said(/begun/);
    await using second = startPaseka(words, place);
    await second.said(/another process is preparing hive/);
    writeFileSync(fifo, 'on\n');
    const ends = await Promise.all([first.ended, second.ended]);
    expect(ends).toMatchObject([{ status: 0 }, { status: 0 }]);
    expect(ends[0].stdout).toContain('prepared hive');
    expect(ends[1].stdout).toContain('hive is as it has to be');
    expect(place.runs()).toBe(1);
  });

  test('killed while preparing, the half made one is never used', async () => {
    await using place = await makePlace();
    const before = await place.prepare();
    const fifo = await makeFifo(place, 'never');
    writeFileSync(place.input, 'second\n');
    await using doomed = startPaseka(place.words(`echo begun >&2; read line < ${fifo}`), place);
    await doomed.said(/begun/);
    doomed.kill('SIGKILL');
    await doomed.ended;
    writeFileSync(place.input, 'first\n');
    const stale = await place.refused(['workdir', 'run', '--from', 'hive', '-n', '1', '--', 'true']);
    expect(stale).toMatchObject({
      code: 'workdir-outdated',
      message: expect.stringContaining(`${place.input} changed since hive was prepared`),
    });
    expect(globSync('prepared/hive/*/root', { cwd: place.state })).toHaveLength(1);
    const after = await place.prepare();
    expect(after.outcome).toBe('made');
    expect(after.workdir.key).not.toBe(before.workdir.key);
    await place.clone(`grep -q first ${place.at}/copy`);
    expect(globSync('tmp/*', { cwd: place.state })).toEqual([]);
  });

  test('made anew while clones run: they keep theirs, which goes after them', async () => {
    await using place = await makePlace();
    await place.prepare();
    const fifo = await makeFifo(place, 'go-on');
    const line = `echo running >&2; read line < ${fifo}; cat ${place.at}/copy`;
    const words = ['workdir', 'run', '--from', 'hive', '--clones', '1', '--', 'sh', '-c', line];
    await using clones = startPaseka(words, place);
    await clones.said(/running/);
    expect(await place.refused(['workdir', 'remove', 'hive'])).toMatchObject({ code: 'workdir-in-use' });
    writeFileSync(place.input, 'second\n');
    expect((await place.prepare()).outcome).toBe('made');
    expect(await place.list()).toMatchObject([{ name: 'hive', earlierStates: 1 }]);
    await place.clone(`grep -q second ${place.at}/copy`);
    expect((await paseka(['gc'], place)).status, 'clones run').toBe(3);
    writeFileSync(fifo, 'on\n');
    const end = await clones.ended;
    expect(end).toMatchObject({ status: 0, stdout: expect.stringContaining('[0] first') });
    expect(end.stderr, 'its input changed meanwhile').toContain('changed while clones ran');
    expect(end.stderr).toContain('hive was prepared again meanwhile, and the next ones see that');
    expect(await pasekaJson(['gc'], 0, place)).toMatchObject({
      removed: [{ what: 'workdir', name: 'hive' }],
    });
    expect(await place.list()).toMatchObject([{ name: 'hive', earlierStates: 0 }]);
    await place.clone(`grep -q second ${place.at}/copy`);
    for (const description of globSync('prepared/hive/*/prepared.json', { cwd: place.state })) {
      utimesSync(join(place.state, description), 1, 1);
    }
    expect(await pasekaJson(['gc'], 0, place)).toMatchObject({
      removed: [{ what: 'workdir', name: 'hive' }],
    });
    expect(globSync('prepared/*', { cwd: place.state })).toEqual([]);
  });

  test('owner and mode are those of the directory that stands at its path', async () => {
    await using place = await makePlace();
    await fs.mkdir(place.at, { recursive: true });
    await fs.chown(place.at, 12_345, 12_346);
    await fs.chmod(place.at, 0o750);
    await place.prepare();
    const { clones } = await place.clone(`[ "$(stat -c %u:%g:%a ${place.at})" = 12345:12346:750 ]`);
    expect(clones).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(await fs.readdir(place.at)).toEqual([]);
  });

  test('what was to stay shared and was written is counted', async () => {
    await using place = await makePlace();
    await place.prepare('mkdir cache && echo shared > cache/pkgcache.bin');
    const line = `cd ${place.at} && [ $PASEKA_CLONE = 0 ] || echo own > cache/pkgcache.bin`;
    const { clones } = await place.clone(line, 0, ['--keep-shared', '*.bin']);
    expect(clones.map(({ unsharedPaths }) => unsharedPaths)).toEqual([
      [],
      [`${place.at}/cache/pkgcache.bin`],
    ]);
    const words = ['workdir', 'run', '--from', 'hive', '-n', '2', '--keep-shared', '*.bin', '--'];
    expect(await paseka([...words, 'sh', '-c', line], place)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`written instead of shared: ${place.at}/cache/pkgcache.bin`),
    });
  });

  test('with the host’s processes in sight or without', async () => {
    await using place = await makePlace();
    const isInit = '[ "$(cat /proc/1/comm)" != "$(cat comm)" ]';
    await place.prepare('cat /proc/1/comm > comm');
    expect((await place.clone(`cd ${place.at} && ${isInit}`, 1)).clones).toMatchObject([
      { exitCode: 1 },
      { exitCode: 1 },
    ]);
    const own = readFileSync('/proc/1/comm', 'utf8').trim();
    await place.clone(`[ "$(cat /proc/1/comm)" = "${own}" ]`, 0, ['--no-pid-namespace']);
  });

  describe('what can’t be', () => {
    test('names, inputs and commands', async () => {
      await using place = await makePlace();
      await place.prepare();
      const prepare = (...words: string[]): readonly string[] => ['workdir', 'prepare', ...words];
      for (const name of ['../hive', 'a/b', '.hidden', '-x', 'a+b', '']) {
        expect(await place.refused(prepare('--', name, 'true'))).toMatchObject({ code: 'bad-option' });
      }
      expect(await place.refused(prepare('hive'))).toMatchObject({ code: 'bad-option' });
      const absent = join(place.scratch, 'absent');
      expect(await place.refused(prepare('hive', '--input', absent, '--', 'true'))).toMatchObject({
        code: 'bad-option',
        message: expect.stringContaining(absent),
      });
      expect(await place.refused(['workdir', 'remove', 'hve'])).toEqual({
        code: 'unknown-workdir',
        message: 'nothing was prepared as hve',
        hint: 'did you mean hive?',
      });
      const run = (from: string): readonly string[] => [
        'workdir',
        'run',
        '--from',
        from,
        '-n',
        '1',
        '--',
        'true',
      ];
      expect(await place.refused(run('hve'))).toMatchObject({ code: 'unknown-workdir' });
      expect(await place.refused(run('./hive'))).toMatchObject({ code: 'not-a-directory' });
    });

    test('a command that fails leaves everything as it was', async () => {
      await using place = await makePlace();
      const before = await place.prepare();
      expect(await place.prepare('exit 7', 1)).toMatchObject({ outcome: 'failed', exitCode: 7 });
      expect(await place.prepare('kill -TERM $$', 1)).toMatchObject({ outcome: 'failed', exitCode: 143 });
      expect(await place.prepare()).toMatchObject({ outcome: 'unchanged', workdir: before.workdir });
      await place.clone(`grep -q first ${place.at}/copy`);
    });

    test('an input that changes meanwhile', async () => {
      await using place = await makePlace();
      const changing = place.words(`echo third > ${place.input}`);
      expect(await place.refused(changing)).toMatchObject({
        code: 'workdir-outdated',
        message: expect.stringContaining(`${place.input} changed while hive was prepared`),
      });
      expect(await place.list()).toEqual([]);
    });

    test('another language than it was prepared in', async () => {
      await using place = await makePlace();
      await place.prepare(undefined, 0, { environment: { LC_ALL: 'C' } });
      const words = ['workdir', 'run', '--from', 'hive', '-n', '1', '--', 'true'];
      const other = await pasekaJson<ErrorDocument>(words, 2, {
        state: place.state,
        environment: { LC_ALL: 'C.UTF-8' },
      });
      expect(other.error).toEqual({
        code: 'workdir-outdated',
        message: 'LC_ALL is C.UTF-8 here, and was C when hive was prepared',
        hint: 'run it with LC_ALL=C, or prepare hive again as it is set here',
      });
    });
  });
});

requires(
  'overlayfs',
  'root',
  'userns',
)('workdir prepare by an ordinary user', () => {
  test('prepares and clones', async () => {
    await using user = await makeOrdinaryUser();
    const state = join(user.home, 'state');
    await using asUser = await asOrdinaryUser(user, state);
    const fill = 'echo shared > "$PASEKA_WORKDIR/file"; chown 1:1 "$PASEKA_WORKDIR/file"';
    const words = ['workdir', 'prepare', 'hive', '--', 'sh', '-c', fill];
    const { workdir } = await pasekaJson<Prepared>(words, 0, asUser);
    expect(await pasekaJson<Prepared>(words, 0, asUser)).toMatchObject({ outcome: 'unchanged' });
    const line = `cd ${workdir.at} && [ "$(stat -c %u file)" = 1 ] && echo own > file`;
    const run = ['workdir', 'run', '--from', 'hive', '--clones', '3', '--', 'sh', '-c', line];
    expect((await pasekaJson<Cloned>(run, 0, asUser)).clones).toHaveLength(3);
    expect(await paseka(['workdir', 'remove', 'hive'], asUser)).toMatchObject({ status: 0 });
  });
});
