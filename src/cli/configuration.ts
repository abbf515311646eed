// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { z } from 'zod';
import { PasekaError } from '../base/paseka-error.ts';
import { isErrno, pathExists, readTextIfExists } from '../host/files.ts';

const schema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * Gives the command's options the values that a configuration file has for them: `{"suite": "bookworm", "jobs": 8}`,
 * by the options' long names. What the command line says wins. Without --config, /etc/paseka/config.json and then the
 * user's own are read where they are; a place where the user may not even look, such as another one's home, has none.
 */
export async function applyConfiguration(command: Command): Promise<void> {
  const named = command.getOptionValue('config') as string | undefined;
  for (const path of named === undefined ? defaultPaths() : [named]) {
    const text = await readConfiguration(path);
    if (text !== undefined) apply(command, path, parse(path, text));
    else if (named !== undefined) throw problem(path, 'no such file');
  }
}

async function readConfiguration(path: string): Promise<string | undefined> {
  try {
    return await readTextIfExists(path);
  } catch (error) {
    if (!isErrno(error, 'EACCES')) throw error;
    if (await isHidden(path)) return undefined;
    throw problem(path, 'permission denied', error);
  }
}

/** Whether not even the directory may be looked into. */
async function isHidden(path: string): Promise<boolean> {
  try {
    await pathExists(path);
    return false;
  } catch (error) {
    if (!isErrno(error, 'EACCES')) throw error;
    return true;
  }
}

function apply(command: Command, path: string, values: z.infer<typeof schema>): void {
  for (const [name, value] of Object.entries(values)) {
    const option = command.options.find((candidate) => candidate.long === `--${name}`);
    if (option === undefined) continue; // an option of another verb
    const key = option.attributeName();
    const source = command.getOptionValueSource(key);
    if (source === 'cli' || source === 'env') continue;
    try {
      const parsed = valueOf(option, value);
      command.setOptionValueWithSource(key, parsed, 'config');
    } catch (error) {
      throw problem(path, `${name}: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }
}

/** `--no-x` is called `x`, and false where it is given. */
function valueOf(option: Option, value: string | number | boolean): unknown {
  if (option.negate) return value !== true;
  return option.parseArg === undefined ? value : option.parseArg(String(value), undefined as never);
}

function parse(path: string, text: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw problem(path, error instanceof z.ZodError ? z.prettifyError(error) : String(error), error);
  }
}

function problem(path: string, why: string, cause?: unknown): PasekaError {
  return new PasekaError(
    'bad-option',
    `the configuration ${path}: ${why}`,
    'write {"suite": "bookworm", "jobs": 8}',
    cause,
  );
}

function defaultPaths(): string[] {
  const home = process.env['XDG_CONFIG_HOME'] ?? join(process.env['HOME'] ?? '/', '.config');
  return ['/etc/paseka/config.json', join(home, 'paseka', 'config.json')];
}
