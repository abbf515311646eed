// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tryLock } from '../../src/host/file-lock.ts';
import { waitForLock } from '../../src/host/file-lock-wait.ts';
import { makeScratchDirectory, sweepScratchDirectories } from '../../src/host/scratch-directory.ts';
import { openStateDirectory } from '../../src/host/state-directory.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

async function temporary(): Promise<string> {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return directory.path;
}

test('a state is made where there is none, and opened again', async () => {
  const path = join(await temporary(), 'deep', 'state');
  const [first, second] = await Promise.all([openStateDirectory(path), openStateDirectory(path)]);
  expect(second).toEqual(first);
  expect((await readdir(path)).sort()).toEqual(
    [
      ...[
        'bases',
        'campaigns',
        'checks',
        'layers',
        'locks',
        'pool',
        'run',
        'signed',
        'snapshots',
        'tmp',
        'unpacked',
      ],
      'prepared',
      'unsettled',
      'version',
    ].sort(),
  );
  expect(await readFile(join(path, 'version'), 'utf8')).toBe('1\n');
  expect(await openStateDirectory(path)).toEqual(first);
});

test('a state of a newer program is refused', async () => {
  const path = await temporary();
  await writeFile(join(path, 'version'), '2\n');
  await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'state-newer' });
  expect(await readdir(path)).toEqual(['version']);
});

test('a directory of something else is refused and left alone', async () => {
  const path = await temporary();
  await writeFile(join(path, 'letter.txt'), 'dear');
  await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'bad-option' });
  expect(await readdir(path)).toEqual(['letter.txt']);
});

test('a file in its place is refused', async () => {
  const path = join(await temporary(), 'file');
  await writeFile(path, '');
  await expect(openStateDirectory(path)).rejects.toMatchObject({ code: 'state-not-writable' });
});

test('a state without write permission is refused', async () => {
  const path = join(await temporary(), 'locked');
  await mkdir(path);
  await chmod(path, 0o555);
  const module = new URL('../../src/host/state-directory.ts', import.meta.url).pathname;
  const script = `import(${JSON.stringify(module)}).then((m) => m.openStateDirectory(${JSON.stringify(path)})).then(() => console.log('opened'), (e) => console.log(e.code))`;
  // root may write anywhere: so in a process without capabilities
  const node: [string, ...string[]] = [process.execPath, '-e', script];
  const output = await runTool(
    process.getuid?.() === 0
      ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--reuid=0', '--securebits=+noroot', ...node]
      : node,
  );
  expect(output.trim()).toBe('state-not-writable');
});

test('an exclusive lock waits for shared ones', async () => {
  const path = join(await temporary(), 'lock');
  const first = await waitForLock(path, 'shared');
  const second = await waitForLock(path, 'shared');
  expect(await tryLock(path, 'exclusive')).toBeUndefined();
  const waits = Promise.withResolvers<void>();
  const exclusive = waitForLock(path, 'exclusive', { onWait: () => waits.resolve() });
  await waits.promise;
  await first[Symbol.asyncDispose]();
  expect(await tryLock(path, 'exclusive')).toBeUndefined();
  await second[Symbol.asyncDispose]();
  await using _ = await exclusive;
  expect(await tryLock(path, 'shared')).toBeUndefined();
});

test('waiting for a lock can be cancelled', async () => {
  const path = join(await temporary(), 'lock');
  await using _ = await waitForLock(path, 'exclusive');
  const abort = new AbortController();
  const waiting = waitForLock(path, 'exclusive', { signal: abort.signal, onWait: () => abort.abort() });
  await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
});

test('a scratch directory of a killed process is swept, one of a living process is not', async () => {
  const parent = await temporary();
  await using own = await makeScratchDirectory(parent, 'own');
  const module = new URL('../../src/host/scratch-directory.ts', import.meta.url).pathname;
  const script = `import(${JSON.stringify(module)}).then((m) => m.makeScratchDirectory(${JSON.stringify(parent)}, 'dead')).then((d) => { console.log(d.path); setInterval(() => {}, 1e6); })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(await sweepScratchDirectories(parent)).toBe(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await sweepScratchDirectories(parent)).toBe(1);
  expect(await readdir(parent)).toEqual(
    [own.path, `${own.path}.lock`].map((path) => path.slice(parent.length + 1)),
  );
});
