// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface WrittenSource {
  readonly name: string;
  readonly needs?: readonly string[];
  /** Sections of the spec file besides those of any. */
  readonly sections?: string;
  readonly files?: readonly string[];
}

/** A source in a directory of its name, which is nothing but a spec file; its path. */
export async function writeSource(
  directory: string,
  { name, needs = [], sections = '', files = [] }: WrittenSource,
): Promise<string> {
  const place = join(directory, name);
  await mkdir(place);
  const lines = [
    ...[`Name: ${name}`, 'Version: 1', 'Release: 1', 'Summary: Written for a test', 'License: MIT'],
    ...['BuildArch: noarch', ...needs.map((one) => `BuildRequires: ${one}`)],
    ...['%description', 'It is written for a test.', sections, '%files', ...files, ''],
  ];
  await writeFile(join(place, `${name}.spec`), lines.join('\n'));
  return place;
}
