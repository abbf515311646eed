// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

/** A session that shows nothing for so long has failed: what it showed is then told. Making a base takes half a minute. */
const patienceMs = 120_000;

/** Programs on a pseudo-terminal of their own, and somebody who types; all killed when disposed. */
export interface TerminalSession extends AsyncDisposable {
  /** As if typed: `\n` is Enter, `\x03` Ctrl-C. */
  type(text: string): void;
  /**
   * Fulfilled when the terminal shows it, after what was found last; rejected when the session ends without. Carriage
   * returns and escape sequences are left out. What is typed is shown too: let the pattern not match that.
   */
  shown(pattern: RegExp): Promise<void>;
  /** The exit status. */
  readonly ended: Promise<number | null>;
}

/** The command that runs another one on a terminal of its own; script(1) of util-linux. */
export function onTerminal(command: readonly string[]): [string, ...string[]] {
  const words = command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
  return ['script', '--quiet', '--return', '--flush', '--command', `exec ${words.join(' ')}`, '/dev/null'];
}

/** Starts a command that {@link onTerminal} gave, itself or wrapped. */
export function startTerminalSession(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): TerminalSession {
  const [file, ...args] = command;
  const child = spawn(file, args, { env: { TERM: 'dumb', SHELL: '/bin/sh', ...environment }, stdio: 'pipe' });
  let text = '';
  let seen = 0;
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  child.stdin.on('error', () => undefined); // EPIPE: it has ended, which `ended` tells
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const find = (pattern: RegExp): boolean => {
    const screen = stripVTControlCharacters(text).replaceAll('\r', '');
    const match = pattern.exec(screen.slice(seen));
    if (match !== null) seen += match.index + match[0].length;
    return match !== null;
  };
  return {
    type: (typed) => void child.stdin.write(typed),
    ended,
    async shown(pattern) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const listener = (): void => {
        if (find(pattern)) resolve(true);
      };
      listeners.add(listener);
      listener();
      const patience = new AbortController();
      const isShown = await Promise.race([
        promise,
        ended.then(() => find(pattern)),
        delay(patienceMs, false, { signal: patience.signal }).catch(() => false),
      ]);
      patience.abort();
      listeners.delete(listener);
      if (!isShown) throw new Error(`${pattern} was never shown:\n${text}`);
    },
    async [Symbol.asyncDispose]() {
      // its end hangs the terminal up, and so ends all that is on it
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
