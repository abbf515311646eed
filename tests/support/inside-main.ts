// SPDX-License-Identifier: GPL-2.0-or-later
/** Runs one exported function of a file inside the private namespace: see run-inside.ts. */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { enterPrivateNamespace } from '../../src/host/private-namespace.ts';

const [file = '', name = '', input = 'null'] = process.argv.slice(2);
const namespace = await enterPrivateNamespace();
const cases = (await import(pathToFileURL(file).href)) as Record<
  string,
  (input: unknown, namespace: unknown) => unknown
>;
const body = cases[name];
if (body === undefined) throw new Error(`${file} has no ${name}`);
const result: unknown = await body(JSON.parse(input), namespace);
writeSync(1, `\n${JSON.stringify(result ?? null)}\n`);
