// SPDX-License-Identifier: GPL-2.0-or-later
/** What Ctrl-C means to a verb that runs tasks. */
export interface StopSignals extends Disposable {
  /** After the first signal: begin nothing more. */
  readonly drain: AbortSignal;
  /** After the second, or when the grace period is over: stop what runs. */
  readonly stop: AbortSignal;
}

export interface StopOptions {
  readonly graceMs: number;
  readonly say: (line: string) => void;
}

/**
 * The first SIGINT or SIGTERM lets what runs end within the grace period, the second stops it at once; SIGHUP stops at once.
 * With a grace period of 0 the first stops too.
 */
export function catchStopSignals(options: StopOptions): StopSignals {
  const drain = new AbortController();
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const stopNow = (): void => {
    drain.abort();
    stop.abort();
  };
  const onSignal = (): void => {
    if (drain.signal.aborted || options.graceMs === 0) {
      options.say('stopping');
      stopNow();
      return;
    }
    const seconds = Math.round(options.graceMs / 1000);
    options.say(`letting running builds end, at most ${seconds} s; once more stops them at once`);
    drain.abort();
    timer = setTimeout(stopNow, options.graceMs);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  process.on('SIGHUP', stopNow);
  return {
    drain: drain.signal,
    stop: stop.signal,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, onSignal);
      process.off('SIGHUP', stopNow);
    },
  };
}
