// SPDX-License-Identifier: GPL-2.0-or-later
import type { EventRecorder } from '../campaign/event-recorder.ts';
import { liveLines } from '../report/live-lines.ts';
import { plainLine } from '../report/plain-lines.ts';
import type { Output } from './output.ts';

const redrawMs = 100;
const clearToEnd = '\x1b[0J';

/**
 * Shows a campaign on standard error while it runs: redrawn lines at the bottom of a terminal, what has ended scrolling
 * away above them; plain lines elsewhere. Disposing leaves the cursor below a clean screen.
 */
export function showCampaign(
  recorder: Pick<EventRecorder, 'now' | 'state' | 'subscribe'>,
  output: Output,
): Disposable {
  const stream = process.stderr;
  const isLive = stream.isTTY === true && output.verbosity === 'normal' && process.env['TERM'] !== 'dumb';
  let drawn = 0;
  let isOver = false;
  const above: string[] = [];
  const erase = (): string => (drawn > 0 ? `\x1b[${drawn}F${clearToEnd}` : '');
  const draw = (): void => {
    const width = Math.max(20, stream.columns ?? 80);
    const room = Math.max(3, (stream.rows ?? 24) - 2);
    const lines = liveLines(recorder.state, recorder.now(), width, output.errorStyle).slice(-room);
    const scrolled = above
      .splice(0)
      .map((line) => `${line}\n`)
      .join('');
    stream.write(`${erase()}${scrolled}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  recorder.subscribe((event, state) => {
    const line = plainLine(event, state, output.verbosity);
    // the live lines say these
    if (isLive && (event.type === 'preparing' || event.type === 'worker-assigned')) return;
    if (line === undefined) return;
    if (isLive && !isOver) above.push(line);
    else stream.write(`${line}\n`);
  });
  // A line written past the drawing would be taken for a part of it and erased.
  const diverted = isLive ? output.writeLinesBy((line) => above.push(line)) : undefined;
  const timer = isLive ? setInterval(draw, redrawMs) : undefined;
  timer?.unref();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      diverted?.[Symbol.dispose]();
      isOver = true;
      if (!isLive) return;
      const scrolled = above
        .splice(0)
        .map((line) => `${line}\n`)
        .join('');
      stream.write(`${erase()}${scrolled}`);
      drawn = 0;
    },
  };
}
