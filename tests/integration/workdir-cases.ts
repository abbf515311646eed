// SPDX-License-Identifier: GPL-2.0-or-later
/** What workdir.test.ts runs inside the private namespace; every function answers with what was seen. */
import { readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { createBuildrootFactory, findCloneMethod } from '../../src/buildroot/buildroot-factory.ts';
import { openRunDirectory } from '../../src/buildroot/run-directory.ts';
import { type CloneResult, type CloneRunRequest, runInClones } from '../../src/campaign/run-in-clones.ts';
import { canMountProc } from '../../src/host/proc-mount-probe.ts';
import { aptEnvironment, makeAptRoot, makeListedRepository, rewritePaths } from '../support/apt-root.ts';
import { makePreparedDirectory } from '../support/prepared-directory.ts';
import { runTool } from '../support/run-tool.ts';
import { fingerprintTree } from '../support/tree-fingerprint.ts';

const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };

type Wanted = Pick<CloneRunRequest, 'from' | 'at' | 'clones' | 'command'> & Partial<CloneRunRequest>;

async function run(state: string, wanted: Wanted): Promise<readonly CloneResult[]> {
  await using directory = await openRunDirectory(state);
  const factory = createBuildrootFactory(directory, await findCloneMethod(state));
  return await runInClones(directory, factory, {
    privateFiles: [],
    upper: { kind: 'tmpfs', sizeBytes: 256 * 1024 * 1024 },
    environment,
    workingDirectory: '/',
    contained: await canMountProc(),
    onOutput: () => undefined,
    ...wanted,
  });
}

/** All clones are alive and have written before any goes on: each must see its own file, and strangers the host's. */
export async function together(input: {
  directory: string;
  contained: boolean;
  outsider: number;
}): Promise<unknown> {
  const { directory, contained, outsider } = input;
  const from = await makePreparedDirectory(join(directory, 'from'));
  const before = await fingerprintTree(from);
  const at = join(directory, 'constant/path');
  const clones = 5;
  const fifos = Array.from({ length: clones }, (_, index) => join(directory, `go-on-${index}`));
  await runTool(['mkfifo', ...fifos]);
  const output = new Map<number, string>();
  const outside: (readonly string[] | null)[] = [];
  let written = 0;
  const script = `echo "$PASEKA_CLONE" > mine && rm etc/large && echo written && read line < ${directory}/go-on-$PASEKA_CLONE && cat ${at}/mine && exit $((PASEKA_CLONE + 3))`;
  const results = await run(join(directory, 'state'), {
    from,
    at,
    clones,
    contained,
    privateFiles: ['var/lib'],
    workingDirectory: at,
    command: ['sh', '-c', script],
    onOutput: (index, chunk) => {
      const text = Buffer.from(chunk).toString();
      output.set(index, (output.get(index) ?? '') + text);
      if (!text.includes('written') || ++written < clones) return;
      try {
        outside.push(
          readdirSync(`/proc/${outsider}/root${at}`).filter((name) => !name.startsWith('.paseka')),
        );
      } catch {
        outside.push(null);
      }
      for (const fifo of fifos) void fs.writeFile(fifo, '\n');
    },
  });
  return {
    results: results.map(({ index, exitCode, writtenBytes, writtenPaths }) => ({
      index,
      exitCode,
      writtenBytes,
      writtenPaths: writtenPaths.map((path) => path.replace(at, '')),
    })),
    output: [...output].sort(([a], [b]) => a - b).map(([, text]) => text.replaceAll('\n', ' ')),
    outside,
    left: readdirSync(directory).filter((name) => !name.startsWith('go-on')),
    unchanged: JSON.stringify(await fingerprintTree(from)) === JSON.stringify(before),
  };
}

/** How commands can end. */
export async function ends({
  directory,
  contained,
}: {
  directory: string;
  contained: boolean;
}): Promise<unknown> {
  const from = await makePreparedDirectory(join(directory, 'from'));
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['true'],
    ['sh', '-c', 'exit 77'],
    ['sh', '-c', 'kill -TERM $$'],
    ['/nonexistent'],
    [join(directory, 'from/etc/large')],
  ];
  const codes = [];
  for (const command of commands) {
    const [result] = await run(join(directory, 'state'), { from, at: from, clones: 1, contained, command });
    codes.push(result?.exitCode);
  }
  return codes;
}

/** Runs until killed or, with `abort`, until all clones have said something. Holds `fifo` open as long as it lives. */
export async function linger(input: {
  directory: string;
  contained: boolean;
  fifo: string;
  abort: boolean;
  clones: number;
  command: string;
}): Promise<unknown> {
  const from = await makePreparedDirectory(join(input.directory, 'from'));
  const controller = new AbortController();
  let alive = 0;
  const results = await run(join(input.directory, 'state'), {
    from,
    at: join(input.directory, 'at'),
    clones: input.clones,
    jobs: 2,
    contained: input.contained,
    command: ['sh', '-c', `exec 9> ${input.fifo}; ${input.command}`],
    signal: controller.signal,
    graceMs: 200,
    onOutput: () => {
      if (++alive < 2) return;
      process.stdout.write('all alive\n');
      if (input.abort) controller.abort();
    },
  });
  return results.map(({ end, exitCode }) => ({ end: end.kind, exitCode }));
}

export interface AptSeen {
  readonly clones: readonly Pick<CloneResult, 'exitCode' | 'writtenBytes' | 'writtenPaths'>[];
  readonly elsewhere: readonly Pick<CloneResult, 'exitCode' | 'writtenBytes' | 'writtenPaths'>[];
  readonly rootBytes: number;
  readonly installs: number;
}

/**
 * The experiment of 2019: an apt root, prepared once at a path, cloned to the same path many times; and, for control, the
 * same one with its paths rewritten and shown at another path. `source` is a sources.list line, or undefined for a
 * generated repository.
 */
export async function aptClones(input: {
  directory: string;
  clones: number;
  sources: readonly string[];
  package: string;
}): Promise<AptSeen> {
  const { directory, clones } = input;
  const at = join(directory, 'constant/apt');
  const sources =
    input.sources.length > 0
      ? input.sources
      : [await makeListedRepository(join(directory, 'repository'), 4000)];
  await makeAptRoot(at, sources);
  const from = join(directory, 'prepared');
  await fs.rename(at, from);
  await fs.rmdir(join(directory, 'constant'));
  const state = join(directory, 'state');
  const command = ['apt-get', '--simulate', '--no-install-recommends', 'install', input.package] as const;
  let installs = 0;
  const here = await run(state, {
    from,
    at,
    clones,
    command,
    environment: aptEnvironment(at),
    onOutput: (_, chunk) => {
      installs +=
        Buffer.from(chunk)
          .toString()
          .match(/^Inst /gm)?.length ?? 0;
    },
  });
  const other = join(directory, 'other/apt');
  const copy = join(directory, 'copy');
  await runTool(['cp', '--archive', from, copy]);
  await rewritePaths(copy, at, other);
  const elsewhere = await run(state, {
    from: copy,
    at: other,
    clones: 1,
    command,
    environment: aptEnvironment(other),
  });
  const bytes = Number((await runTool(['du', '--summarize', '--block-size=1', from])).split('\t')[0]);
  return { clones: here.map(pick), elsewhere: elsewhere.map(pick), rootBytes: bytes, installs };
}

function pick({ exitCode, writtenBytes, writtenPaths }: CloneResult): AptSeen['clones'][number] {
  return { exitCode, writtenBytes, writtenPaths };
}

/** For files of subordinate ids. */
export async function empty({ directory }: { directory: string }): Promise<void> {
  for (const name of await fs.readdir(directory)) await fs.rm(join(directory, name), { recursive: true });
}
