// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { ElfObject } from './elf-object.ts';
import { readElf } from './read-elf.ts';
import { type SmallElf, smallElf, smallSymbol, writeSmallElf } from './small-elf.ts';
import { findUndefinedSymbols, type SymbolGaps } from './undefined-symbols.ts';

function object(given: Partial<SmallElf>): ElfObject {
  const reading = readElf(writeSmallElf(smallElf(given)));
  if (reading.kind !== 'object') throw new Error(reading.kind);
  return reading.object;
}

function gaps(
  program: Partial<SmallElf>,
  libraries: Readonly<Record<string, Partial<SmallElf>>>,
): SymbolGaps {
  const found = new Map(Object.entries(libraries).map(([name, given]) => [name, object(given)]));
  return findUndefinedSymbols(object(program), (soname) => found.get(soname));
}

const wants = (name: string, version?: string, versionFrom?: string) =>
  smallSymbol(name, {
    isDefined: false,
    ...(version === undefined || versionFrom === undefined ? {} : { version, versionFrom }),
  });
const has = (name: string, version?: string) => smallSymbol(name, version === undefined ? {} : { version });

test('what no needed library offers is undefined, also where another needs that library', () => {
  const program = { needed: ['a.so'], symbols: [wants('near'), wants('far'), wants('gone')] };
  const libraries = {
    'a.so': { needed: ['b.so'], symbols: [has('near')] },
    'b.so': { symbols: [has('far')] },
  };
  expect(gaps(program, libraries)).toEqual({ undefined: ['gone'], missingLibraries: [] });
});

test('weak and own symbols are never undefined, hidden ones are no offer', () => {
  const weak = smallSymbol('weak', { isDefined: false, isWeak: true });
  const program = { needed: ['a.so'], symbols: [weak, has('own'), wants('own'), wants('inner')] };
  const libraries = { 'a.so': { symbols: [smallSymbol('inner', { isVisible: false })] } };
  expect(gaps(program, libraries).undefined).toEqual(['inner']);
});

test('a version has to be in the library that it is from, unless that has none at all', () => {
  const program = { needed: ['a.so'], symbols: [wants('f', 'V2', 'a.so')] };
  expect(gaps(program, { 'a.so': { symbols: [has('f', 'V1')] } }).undefined).toEqual(['f@V2']);
  expect(gaps(program, { 'a.so': { symbols: [has('f', 'V1'), has('f', 'V2')] } }).undefined).toEqual([]);
  expect(gaps(program, { 'a.so': { symbols: [has('f')] } }).undefined).toEqual([]);
  expect(
    gaps({ needed: ['a.so'], symbols: [wants('f')] }, { 'a.so': { symbols: [has('f', 'V1')] } }),
  ).toEqual({
    undefined: [],
    missingLibraries: [],
  });
});

test('of what an absent library may offer nothing is said, nor of one for another machine', () => {
  const program = { needed: ['a.so', 'gone.so'], symbols: [wants('x'), wants('f', 'V2', 'a.so')] };
  expect(gaps(program, { 'a.so': { symbols: [has('f', 'V1')] } })).toEqual({
    undefined: ['f@V2'],
    missingLibraries: ['gone.so'],
  });
  const narrow = gaps(
    { needed: ['a.so'], symbols: [wants('f')] },
    { 'a.so': { bits: 32, symbols: [has('f')] } },
  );
  expect(narrow).toEqual({ undefined: [], missingLibraries: ['a.so'] });
});
