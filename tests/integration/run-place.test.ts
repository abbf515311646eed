// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { openRunPlace } from '../support/run-place.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

test('a run of tests removes what killed runs left, and nothing of the living', async () => {
  await using parent = await makeTemporaryDirectory();
  const module = new URL('../support/run-place.ts', import.meta.url).href;
  const script = `
    import { openRunPlace } from ${JSON.stringify(module)};
    console.log(openRunPlace(${JSON.stringify(parent.path)}, 'test').path);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const left = said.toString().trim();
  expect(basename(left)).toMatch(/^paseka-test-run-/);
  writeFileSync(join(left, 'file'), '');

  using living = openRunPlace(parent.path, 'test');
  expect(existsSync(left)).toBe(true);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  using later = openRunPlace(parent.path, 'test');
  expect([left, living.path, later.path].map(existsSync)).toEqual([false, true, true]);
});
