// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * A program of its own that uses layers of a state directory:
 *
 *     layer-driver.ts STATE BUDGET hold PACKAGES    until it is killed
 *     layer-driver.ts STATE BUDGET roam TIMES       one set after the other, looking that each is whole as long as it is used
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openFakeLayers } from './fake-layers.ts';

const [state = '', budget = '', what = '', argument = ''] = process.argv.slice(2);
const layers = openFakeLayers(state, Number(budget));

if (what === 'hold') {
  const end = await layers.ensure(argument);
  process.stdout.write(`${end.kind}\n`);
  setInterval(() => undefined, 1000);
} else {
  const sets = ['a', 'ab', 'abc', 'b', 'bd', 'c', 'cde', 'e', 'ace'];
  let used = 0;
  for (let time = 0; time < Number(argument); time++) {
    const wanted = sets[Math.floor(Math.random() * sets.length)] ?? '';
    const end = await layers.ensure(wanted);
    if (end.kind !== 'layer') continue;
    using use = end.use;
    for (let look = 0; look < 5; look++) {
      const missing = [...wanted].filter((name) => !use.lower.some((path) => existsSync(join(path, name))));
      if (missing.length > 0) throw new Error(`${wanted} lacks ${missing.join()} in ${use.lower.join()}`);
      await turn();
    }
    used++;
  }
  process.stdout.write(`${used}\n`);
}
