// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Looks at lines all over a log and prints the milliseconds that each look took, as JSON. A process of its own, so that what else
 * the measuring program does (its own memory is collected, too) is not taken for the server's time.
 *
 *     node bench/log-looks.ts ADDRESS PATH LINES LOOKS
 */
import { httpAsk } from '../tests/support/http-ask.ts';

const [address = '', path = '', lines = '', looks = ''] = process.argv.slice(2);
const times: number[] = [];
for (let round = 0; round < Number(looks); round++) {
  const from = 1 + Math.floor((Number(lines) - 100) * (round / Number(looks)));
  const asked = performance.now();
  const { body } = await httpAsk(address, `${path}?from=${from}&count=100`);
  times.push(performance.now() - asked);
  if (!body.includes(`${String(from).padStart(8)} `)) throw new Error(`line ${from} is not there`);
}
process.stdout.write(JSON.stringify(times));
