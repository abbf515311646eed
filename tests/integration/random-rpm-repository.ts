// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import type { MadePackage } from '../support/rpm/made-metadata.ts';

/** Repositories with all that dependencies can be, and what is asked of them. */
export interface RandomRpmRepository {
  readonly packages: readonly MadePackage[];
  readonly wanted: readonly string[];
  readonly buildRequires: readonly string[];
}

const names = Array.from({ length: 12 }, (_, index) => `p${index + 1}`);
const capabilities = ['cap-a', 'cap-b', 'lib(x)', 'pkgconfig(y)'];
const paths = ['/usr/bin/one', '/usr/bin/two', '/usr/share/data/three', '/opt/four'];

const name = fc.constantFrom(...names);
const evr = fc.constantFrom('1-1', '1-2', '2-1', '1:1-1');
const version = fc.constantFrom('1', '2', '1-2', '1:1');
const relation = fc.constantFrom('=', '>=', '<=', '>', '<');

const plain = fc.oneof(
  { weight: 6, arbitrary: name },
  { weight: 3, arbitrary: fc.constantFrom(...capabilities) },
  { weight: 2, arbitrary: fc.constantFrom(...paths) },
  { weight: 2, arbitrary: fc.tuple(name, relation, version).map((words) => words.join(' ')) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...capabilities), relation, version).map((words) => words.join(' ')),
  },
);
const rich = fc
  .tuple(plain, fc.constantFrom('or', 'or', 'and', 'if', 'with', 'without'), plain)
  .map((words) => `(${words.join(' ')})`);
const dependency = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 1, arbitrary: rich });

const madePackage: fc.Arbitrary<MadePackage> = fc.record({
  name,
  evr,
  arch: fc.constantFrom('noarch', 'x86_64', 'x86_64', 'i686'),
  requires: fc.array(dependency, { maxLength: 3 }),
  provides: fc.array(
    fc.oneof(
      fc.constantFrom(...capabilities),
      fc.tuple(fc.constantFrom(...capabilities), version).map(([text, of]) => `${text} = ${of}`),
    ),
    { maxLength: 2 },
  ),
  conflicts: fc.array(
    fc.oneof(
      name,
      fc.tuple(name, relation, version).map((words) => words.join(' ')),
    ),
    {
      maxLength: 1,
      size: '-1',
    },
  ),
  obsoletes: fc.array(
    fc.tuple(name, fc.constantFrom('<', '<='), version).map((words) => words.join(' ')),
    {
      maxLength: 1,
      size: '-1',
    },
  ),
  recommends: fc.array(plain, { maxLength: 1 }),
  suggests: fc.array(plain, { maxLength: 1 }),
  files: fc.uniqueArray(fc.constantFrom(...paths), { maxLength: 2 }),
});

/** Arbitrary ones; two packages of one name, version and architecture are not among them. */
export const randomRpmRepository: fc.Arbitrary<RandomRpmRepository> = fc.record({
  packages: fc.uniqueArray(madePackage, {
    minLength: 6,
    maxLength: 24,
    selector: (one) => `${one.name} ${one.evr} ${one.arch}`,
  }),
  wanted: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
  buildRequires: fc.uniqueArray(dependency, { minLength: 1, maxLength: 4 }),
});
