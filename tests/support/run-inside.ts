// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { type ProcessResult, startProcess } from '../../src/host/process.ts';
import { commandAsUser } from './command-as-user.ts';
import type { OrdinaryUser } from './ordinary-user.ts';

const repository = resolve(import.meta.dirname, '../..');

export interface InsideRequest {
  /** Relative to the repository; its export `name` is called with `input`, and both go through JSON. */
  readonly file: string;
  readonly name: string;
  readonly input?: unknown;
  /** Runs it as this user (the tests run as root then); else as who runs the tests. */
  readonly user?: OrdinaryUser | undefined;
  readonly onOutput?: (text: string) => void;
}

/**
 * Calls a function in a process of its own that has entered the private namespace, as the program's verbs do, and
 * gives what it returns. Throws with all that the process said where it failed.
 */
export async function runInside<T>(request: InsideRequest): Promise<T> {
  await using inside = startInside(request);
  const { end, stdout, stderr } = await inside.ended;
  if (end.kind !== 'exited' || end.exitCode !== 0) {
    throw new Error(`${request.name}: ${JSON.stringify(end)}\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as T;
}

/** Killed when disposed, if it still runs. */
export interface Inside extends AsyncDisposable {
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessResult>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** Starts what {@link runInside} runs: for tests that kill it. */
export function startInside(request: InsideRequest): Inside {
  const place = mkdtempSync(join(tmpdir(), 'inside-'));
  const args = [request.file, request.name, JSON.stringify(request.input ?? null)];
  const running = startProcess({
    command: request.user === undefined ? ownCommand(args) : commandAs(request.user, place, args),
    environment: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: request.user?.home ?? process.env['HOME'] ?? '/',
      TMPDIR: tmpdir(),
    },
    ...(request.onOutput === undefined
      ? {}
      : { onOutput: (chunk) => request.onOutput?.(Buffer.from(chunk).toString()) }),
  });
  const kill = async (): Promise<void> => {
    running.kill();
    await running.ended;
  };
  return {
    pid: running.pid,
    ended: running.ended,
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      rmSync(place, { recursive: true, force: true });
    },
  };
}

const main = 'tests/support/inside-main.ts';

function ownCommand([file = '', ...rest]: readonly string[]): [string, ...string[]] {
  return [process.execPath, join(repository, main), join(repository, file), ...rest];
}

function commandAs(
  user: OrdinaryUser,
  place: string,
  [file = '', ...rest]: readonly string[],
): [string, ...string[]] {
  return commandAsUser(user, place, (shown) => [
    shown.node,
    join(shown.repository, main),
    join(shown.repository, relative('.', file)),
    ...rest,
  ]);
}
