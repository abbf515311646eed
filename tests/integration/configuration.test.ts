// SPDX-License-Identifier: GPL-2.0-or-later
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { applyConfiguration } from '../../src/cli/configuration.ts';
import { countOption } from '../../src/cli/options.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** What a command's options are with this configuration and these words. */
async function optionsWith(text: string, ...words: readonly string[]): Promise<object> {
  await using directory = await makeTemporaryDirectory();
  const path = join(directory.path, 'config.json');
  await writeFile(path, text);
  const command = new Command('rebuild')
    .option('--config <FILE>')
    .option('--suite <SUITE>')
    .option('--jobs <N>', '', countOption)
    .option('--no-install-check')
    .action(() => undefined)
    .exitOverride();
  command.hook('preAction', (_program, asked) => applyConfiguration(asked));
  await command.parseAsync(['node', 'rebuild', '--config', path, ...words]);
  const { config: _, ...options } = command.opts<Record<string, unknown>>();
  return options;
}

test('a configuration gives defaults, and the command line wins', async () => {
  const text = '{"suite": "bookworm", "jobs": 8, "other-verbs": true}';
  expect(await optionsWith(text)).toEqual({ suite: 'bookworm', jobs: 8, installCheck: true });
  expect(await optionsWith(text, '--jobs', '2')).toEqual({ suite: 'bookworm', jobs: 2, installCheck: true });
});

test('an option that switches off does so from a configuration too', async () => {
  expect(await optionsWith('{"no-install-check": true}')).toEqual({ installCheck: false });
  expect(await optionsWith('{"no-install-check": false}')).toEqual({ installCheck: true });
});

test('a value that the option refuses names the file', async () => {
  await expect(optionsWith('{"jobs": 0}')).rejects.toMatchObject({
    code: 'bad-option',
    message: expect.stringMatching(/config\.json: jobs: .*whole number/),
  });
  await expect(optionsWith('rubbish')).rejects.toMatchObject({ code: 'bad-option' });
});
