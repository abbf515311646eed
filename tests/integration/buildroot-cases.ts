// SPDX-License-Identifier: GPL-2.0-or-later
/** What buildroot.test.ts runs inside the private namespace; every function answers with what was seen. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { isPasekaError } from '../../src/base/paseka-error.ts';
import type { BuildrootFactory, UpperPlace } from '../../src/buildroot/buildroot.ts';
import { createBuildrootFactory, findCloneMethod } from '../../src/buildroot/buildroot-factory.ts';
import type { CloneChoice } from '../../src/buildroot/clone-method.ts';
import { openRunDirectory, type RunDirectory } from '../../src/buildroot/run-directory.ts';
import { sweepRuns } from '../../src/buildroot/sweep.ts';
import { makePreparedDirectory } from '../support/prepared-directory.ts';
import { fingerprintTree } from '../support/tree-fingerprint.ts';
import { vandalise } from '../support/vandalism.ts';

export type Kind = 'tmpfs' | 'disk' | 'copy';

const mebibyte = 1024 * 1024;

async function setUp(
  directory: string,
  kind: Kind,
): Promise<{ run: RunDirectory; factory: BuildrootFactory; lower: string; upper: UpperPlace }> {
  const lower = await makePreparedDirectory(join(directory, 'lower'));
  const state = join(directory, 'state');
  const run = await openRunDirectory(state);
  const found = await findCloneMethod(state);
  const copying: CloneChoice = {
    method: 'copy',
    tmpfsUpper: false,
    diskUpper: false,
    diskKeepsCapabilities: false,
    note: null,
  };
  const factory = createBuildrootFactory(run, kind === 'copy' ? copying : found);
  return {
    run,
    factory,
    lower,
    upper: kind === 'tmpfs' ? { kind, sizeBytes: 8 * mebibyte } : { kind: 'disk' },
  };
}

/** The contract of every kind of buildroot: private, complete, measured, and gone afterwards. */
export async function contract({ directory, kind }: { directory: string; kind: Kind }): Promise<unknown> {
  const mountsBefore = mountPoints();
  const { run, factory, lower, upper } = await setUp(directory, kind);
  const before = await fingerprintTree(lower);
  const seen: Record<string, unknown> = { method: factory.method };
  const first = await factory.acquire({ lower: [lower], upper, privateFiles: ['var/lib'] });
  const second = await factory.acquire({ lower: [lower], upper });
  seen['rootAsLower'] = describeDirectory(first.directory) === describeDirectory(lower);
  seen['contents'] = await fs.readFile(join(first.directory, 'etc/link'), 'utf8');
  seen['setuid'] = (statSync(join(first.directory, 'run-me')).mode & 0o7777).toString(8);
  seen['limit'] = first.limitBytes;
  seen['writtenAtFirst'] = await first.writtenPaths();
  await fs.writeFile(join(first.directory, 'etc/new'), Buffer.alloc(2 * mebibyte));
  await fs.appendFile(join(first.directory, 'etc/file'), 'more\n');
  await fs.rm(join(first.directory, 'etc/large'));
  seen['written'] = (await first.writtenPaths()).filter((path) => path !== '/var' && path !== '/var/lib');
  seen['added'] = await first.addedPaths();
  seen['inSecond'] = [
    await fs.readFile(join(second.directory, 'etc/file'), 'utf8'),
    readdirSync(join(second.directory, 'etc')).includes('new'),
  ];
  const { usedBytes, freeBytes } = await first.measure();
  seen['usedMebibytes'] = Math.floor(usedBytes / mebibyte);
  seen['hasFree'] = freeBytes > mebibyte;
  await vandalise(first.directory);
  await Promise.all([
    first[Symbol.asyncDispose](),
    first[Symbol.asyncDispose](),
    second[Symbol.asyncDispose](),
  ]);
  seen['rootsLeft'] = readdirSync(run.rootsDirectory);
  await run[Symbol.asyncDispose]();
  seen['runsLeft'] = readdirSync(join(directory, 'state/run'));
  seen['mountsLeft'] = mountPoints().filter((path) => !mountsBefore.includes(path));
  seen['lowerUnchanged'] = JSON.stringify(await fingerprintTree(lower)) === JSON.stringify(before);
  return seen;
}

/** What the same vandalism does to a hard-linked clone: why there is no such method, and that the fingerprint sees it. */
export async function hardLinks({ directory }: { directory: string }): Promise<unknown> {
  const lower = await makePreparedDirectory(join(directory, 'lower'));
  spawnSync('cp', ['-al', lower, join(directory, 'clone')]);
  const content = await fs.readFile(join(lower, 'etc/file'), 'utf8');
  await vandalise(join(directory, 'clone'));
  return { lowerUnchanged: (await fs.readFile(join(lower, 'etc/file'), 'utf8')) === content };
}

export async function fullUpper({ directory }: { directory: string }): Promise<unknown> {
  const { run, factory, lower, upper } = await setUp(directory, 'tmpfs');
  await using stack = new AsyncDisposableStack();
  stack.use(run);
  const root = stack.use(await factory.acquire({ lower: [lower], upper }));
  const written = await fs.writeFile(join(root.directory, 'big'), Buffer.alloc(9 * mebibyte)).then(
    () => 'written',
    (error: unknown) => (error as NodeJS.ErrnoException).code,
  );
  const { freeBytes, usedBytes } = await root.measure();
  return { written, freeBytes, full: usedBytes === root.limitBytes };
}

/** At a constant path, whether there is something else or nothing. */
export async function atPath(input: { directory: string; at: string; outsider: number }): Promise<unknown> {
  const { run, factory, lower, upper } = await setUp(input.directory, 'tmpfs');
  await using stack = new AsyncDisposableStack();
  stack.use(run);
  const root = await factory.acquire({ lower: [lower], upper, at: input.at });
  const inside = readdirSync(input.at);
  const outside = await fs.readdir(`/proc/${input.outsider}/root${input.at}`).catch(() => null);
  await root[Symbol.asyncDispose]();
  return { inside, outside };
}

export async function privateFiles({ directory }: { directory: string }): Promise<unknown> {
  const { run, factory, lower, upper } = await setUp(directory, 'tmpfs');
  await using stack = new AsyncDisposableStack();
  stack.use(run);
  const root = stack.use(
    await factory.acquire({ lower: [lower], upper, privateFiles: ['etc/large', 'etc/below'] }),
  );
  const space = join(root.directory, '../space/upper');
  const wrong = ['etc/absent', 'way-out/hostname', 'etc/link', '../lower/etc/file'];
  return {
    copied: readdirSync(join(space, 'etc')).sort(),
    sameFile: describeDirectory(join(space, 'etc/large')) === describeDirectory(join(lower, 'etc/large')),
    sameParent: describeDirectory(join(space, 'etc')) === describeDirectory(join(lower, 'etc')),
    written: await root.writtenPaths(),
    refused: await Promise.all(
      wrong.map((path) =>
        factory.acquire({ lower: [lower], upper, privateFiles: [path] }).then(
          () => 'acquired',
          (error: unknown) => (isPasekaError(error) ? error.code : String(error)),
        ),
      ),
    ),
    roots: readdirSync(run.rootsDirectory).length,
  };
}

/** Layers over each other, and the option string's escapes. */
export async function layers({ directory, kind }: { directory: string; kind: Kind }): Promise<unknown> {
  const odd = join(directory, 'a:b,c\\d');
  await fs.mkdir(odd);
  const { run, factory, lower, upper } = await setUp(odd, kind);
  await using stack = new AsyncDisposableStack();
  stack.use(run);
  const layer = join(odd, 'layer');
  await fs.mkdir(join(layer, 'etc/file'), { recursive: true });
  await fs.mkdir(join(layer, 'var'));
  await fs.writeFile(join(layer, 'var/added'), 'by the layer');
  const root = stack.use(await factory.acquire({ lower: [layer, lower], upper }));
  return {
    etc: readdirSync(join(root.directory, 'etc')).sort(),
    var: readdirSync(join(root.directory, 'var')).sort(),
    replaced: statSync(join(root.directory, 'etc/file')).isDirectory(),
  };
}

/** Makes a mess and waits to be killed. */
export async function holdRoots({ directory, at }: { directory: string; at: string }): Promise<never> {
  for (const kind of ['tmpfs', 'disk'] as const) {
    const state = join(directory, 'state');
    const run = kind === 'tmpfs' ? await openRunDirectory(state) : held;
    held = run;
    const factory = createBuildrootFactory(run, await findCloneMethod(state));
    const lower = join(directory, 'lower');
    const upper: UpperPlace = kind === 'tmpfs' ? { kind, sizeBytes: mebibyte } : { kind };
    const root = await factory.acquire({ lower: [lower], upper, ...(kind === 'disk' ? { at } : {}) });
    await fs.mkdir(join(root.directory, 'closed/below'), { recursive: true });
    await fs.writeFile(join(root.directory, 'closed/below/file'), '');
    await fs.chown(join(root.directory, 'closed/below'), 1234, 1234);
    await fs.chmod(join(root.directory, 'closed/below'), 0);
    await fs.chmod(join(root.directory, 'closed'), 0);
  }
  process.stdout.write('held\n');
  return await new Promise(() => setInterval(() => undefined, 60_000));
}

let held: RunDirectory;

export async function prepare({ directory }: { directory: string }): Promise<void> {
  await makePreparedDirectory(join(directory, 'lower'));
}

/** For files of subordinate ids. */
export async function empty({ directory }: { directory: string }): Promise<void> {
  for (const name of await fs.readdir(directory)) await fs.rm(join(directory, name), { recursive: true });
}

export async function sweep({ directory }: { directory: string }): Promise<unknown> {
  const { removed, failed } = await sweepRuns(join(directory, 'state'));
  return { removed: removed.length, failed, left: readdirSync(join(directory, 'state/run')) };
}

function describeDirectory(path: string): string {
  const { uid, gid, mode, mtimeNs, size } = statSync(path, { bigint: true });
  return [uid, gid, mode.toString(8), mtimeNs, statSync(path).isDirectory() ? '' : size].join(' ');
}

function mountPoints(): string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '');
}
