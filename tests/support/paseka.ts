// SPDX-License-Identifier: GPL-2.0-or-later
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { testCache } from './test-cache.ts';

const repository = resolve(import.meta.dirname, '../..');

export interface PasekaOptions {
  /** PASEKA_STATE. */
  readonly state?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly input?: string;
  /** What runs the program's words instead of this process's own user and namespaces: as-ordinary-user.ts. */
  readonly wrap?: (command: readonly string[]) => readonly [string, ...string[]];
}

export interface PasekaResult {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bin/paseka` to its end. */
export async function paseka(args: readonly string[], options: PasekaOptions = {}): Promise<PasekaResult> {
  await using running = startPaseka(args, options);
  return await running.ended;
}

/**
 * Runs it with --json, expects that status and one document on standard output, and gives the document.
 */
export async function pasekaJson<T>(
  args: readonly string[],
  status: number,
  options: PasekaOptions = {},
): Promise<T> {
  const dashes = args.indexOf('--');
  const verb = dashes < 0 ? args : args.slice(0, dashes);
  const result = await paseka([...verb, '--json', ...(dashes < 0 ? [] : args.slice(dashes))], options);
  expect(result.status, `${result.stderr}\n${result.stdout}`).toBe(status);
  return JSON.parse(result.stdout) as T;
}

/** The document of an error. */
export interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
}

/** A running program; killed when disposed, if it still runs. */
export interface RunningPaseka extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<PasekaResult>;
  /** Fulfilled when standard error has said it, with what matches; rejected when the program ends without. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** The first line of standard output, as soon as it is there; rejected when the program ends without. */
  firstLine(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts `bin/paseka`, with nothing of the environment but what every program needs. */
export function startPaseka(args: readonly string[], options: PasekaOptions = {}): RunningPaseka {
  const { command, environment } = pasekaCommand(args, options);
  const [file, ...rest] = command;
  const child = spawn(file, rest, { cwd: options.workingDirectory ?? '/', env: environment, stdio: 'pipe' });
  child.stdin.end(options.input ?? '');
  return follow(child);
}

/** What {@link startPaseka} starts. */
export function pasekaCommand(
  args: readonly string[],
  options: PasekaOptions,
): { readonly command: readonly [string, ...string[]]; readonly environment: Record<string, string> } {
  const command: [string, ...string[]] = [join(repository, 'bin/paseka'), ...args];
  return {
    command: options.wrap?.(command) ?? command,
    environment: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: join(tmpdir(), 'home'),
      TMPDIR: tmpdir(),
      NODE_COMPILE_CACHE: join(testCache, 'compiled'),
      ...(options.state === undefined ? {} : { PASEKA_STATE: options.state }),
      ...options.environment,
    },
  };
}

function follow(child: ChildProcess): RunningPaseka {
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = (async (): Promise<PasekaResult> => {
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { status, signal, ...said };
  })();
  /** Whether it comes true before the program ends. */
  async function until(isTrue: () => boolean): Promise<boolean> {
    const { promise, resolve: found } = Promise.withResolvers<boolean>();
    const listener = (): void => {
      if (isTrue()) found(true);
    };
    listeners.add(listener);
    listener();
    const came = await Promise.race([promise, ended.then(isTrue)]);
    listeners.delete(listener);
    return came;
  }
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    async said(pattern) {
      let found: RegExpExecArray | null = null;
      await until(() => (found = pattern.exec(said.stderr)) !== null);
      if (found === null) throw new Error(`${pattern} was never said:\n${said.stderr}${said.stdout}`);
      return found;
    },
    async firstLine() {
      if (!(await until(() => said.stdout.includes('\n')))) throw new Error(`it ended:\n${said.stderr}`);
      return said.stdout.slice(0, said.stdout.indexOf('\n'));
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
