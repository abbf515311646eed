// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ElfObject, ElfSymbol } from '../../src/elf/elf-object.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { runTool } from '../support/run-tool.ts';

const mostFiles = 60;

/** This machine's programs and libraries, evenly chosen; the same ones each time. */
function someFiles(): string[] {
  const found = globSync(['/usr/bin/*', '/usr/sbin/*', '/usr/lib/*-linux-gnu/*.so*'])
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort();
  const step = Math.max(1, Math.floor(found.length / mostFiles));
  return found.filter((_, index) => index % step === 0);
}

interface Shown {
  readonly dynamic: readonly string[];
  readonly symbols: readonly string[];
}

/** Number, value, size, type, binding, visibility (and more on some machines), section, name; types may be two words. */
const shownSymbol =
  /^ *(\d+): [0-9a-f]+ +\S+ (<.*?>: \d+|\S+) +(<.*?>: \d+|\S+) +(\S+) +(?:\[[^\]]*\] +)?(\S+) ?(\S*)/;

/** What readelf says, in the words of {@link describe}. */
async function askReadelf(path: string): Promise<Shown> {
  const text = await runTool(['readelf', '--wide', '--dynamic', '--dyn-syms', path]);
  const dynamic = [...text.matchAll(/\((NEEDED|SONAME|RPATH|RUNPATH)\)[^[]*\[([^\]]*)\]/g)];
  const symbols: string[] = [];
  for (const line of text.split('\n')) {
    const match = shownSymbol.exec(line);
    const isSection = match?.[2] === 'SECTION'; // shown by its section's name, which it hasn't itself
    if (match === null || match[1] === '0' || isSection) continue;
    const [, , , binding, visibility, section, name = ''] = match;
    const [plain, version = ''] = name.split(/@+/);
    const isVisible = binding !== 'LOCAL' && (visibility === 'DEFAULT' || visibility === 'PROTECTED');
    symbols.push(
      `${section === 'UND' ? 'wants' : 'has'} ${plain}@${version} ${binding === 'WEAK'} ${isVisible}`,
    );
  }
  return { dynamic: dynamic.map(([, tag, value]) => `${tag} ${value}`).sort(), symbols };
}

function describe(object: ElfObject): Shown {
  const dynamic = [
    ...object.needed.map((name) => `NEEDED ${name}`),
    ...(object.soname === undefined ? [] : [`SONAME ${object.soname}`]),
    ...(object.rpath.length === 0 ? [] : [`RPATH ${object.rpath.join(':')}`]),
    ...(object.runpath.length === 0 ? [] : [`RUNPATH ${object.runpath.join(':')}`]),
  ];
  return {
    dynamic: dynamic.sort(),
    symbols: object.symbols.filter(({ name }) => name !== '').map(symbolText),
  };
}

// readelf doesn't repeat the version of the symbol that stands for a version itself
function symbolText({ name, version = '', isDefined, isWeak, isVisible }: ElfSymbol): string {
  const shown = isDefined && name === version ? '' : version;
  return `${isDefined ? 'has' : 'wants'} ${name}@${shown} ${isWeak} ${isVisible}`;
}

test('this machine’s programs and libraries are read as readelf reads them', async () => {
  let objects = 0;
  for (const path of someFiles()) {
    const reading = readElf(readFileSync(path));
    expect(reading.kind, path).not.toBe('malformed');
    if (reading.kind !== 'object') continue;
    objects++;
    expect(describe(reading.object), path).toEqual(await askReadelf(path));
  }
  expect(objects).toBeGreaterThan(10);
});
