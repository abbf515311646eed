// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Vitest's setup file of every project that touches the machine: gives each test file a fresh `TMPDIR` of its own and
 * fails the file where something is left after it. Tests make temporary directories by `os.tmpdir()` and undo them.
 */
import { chmodSync } from 'node:fs';
import { afterAll } from 'vitest';
import { findLeftovers, findTraces } from './leftovers.ts';
import { openRunPlace } from './run-place.ts';

const patienceMs = 5_000;

// On disk, since /tmp may be memory. Open to all, since some tests run the program as another user.
const place = process.env['PASEKA_TEST_TMPDIR'] ?? '/var/tmp';
const run = openRunPlace(place, 'test');
const directory = run.path;
chmodSync(directory, 0o755);
const outerTmpdir = process.env['TMPDIR'];
process.env['TMPDIR'] = directory;
const before = findTraces(directory);

afterAll(async () => {
  const left = await findLeftovers(directory, before, patienceMs);
  if (outerTmpdir === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = outerTmpdir;
  run[Symbol.dispose]();
  if (left.length > 0) throw new Error(`left behind:\n  ${left.join('\n  ')}`);
});
