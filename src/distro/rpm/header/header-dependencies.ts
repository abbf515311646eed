// SPDX-License-Identifier: GPL-2.0-or-later
import { headerTags } from './header-tags.ts';
import { numbersOf, sameLength, textsOf } from './header-values.ts';
import type { Header } from './read-header.ts';

/** What a package says of others: the tags of names, flags and versions of each kind. */
const relationTags = {
  requires: tagsOf('REQUIRE'),
  provides: tagsOf('PROVIDE'),
  conflicts: tagsOf('CONFLICT'),
  obsoletes: tagsOf('OBSOLETE'),
  recommends: tagsOf('RECOMMEND'),
  suggests: tagsOf('SUGGEST'),
  supplements: tagsOf('SUPPLEMENT'),
  enhances: tagsOf('ENHANCE'),
} as const;

export type RelationKind = keyof typeof relationTags;

export const relationKinds = Object.keys(relationTags) as readonly RelationKind[];

/** One dependency, as it stands in the header. */
export interface RpmRelation {
  /** A rich dependency is one name, beginning with a parenthesis. */
  readonly name: string;
  readonly flags: number;
  /** `[EPOCH:]VERSION[-RELEASE]`, or a set of symbols (`set:...`); empty where any version will do. */
  readonly version: string;
}

/** Bits of {@link RpmRelation.flags} (rpmds.h). */
export const relationFlags = {
  less: 1 << 1,
  greater: 1 << 2,
  equal: 1 << 3,
  /** Needed before the package's own scripts run: `Requires(pre)`. */
  prereq: (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 12),
  /** What rpm itself must be able to do: `rpmlib(...)`. */
  rpmlib: 1 << 24,
} as const;

/** A header's dependencies of one kind, in their order. Throws RpmFormatError where the three lists don't go together. */
export function relationsOf(header: Header, kind: RelationKind): readonly RpmRelation[] {
  const tags = relationTags[kind];
  const names = textsOf(header, tags.name);
  const versions = textsOf(header, tags.version);
  const flags = numbersOf(header, tags.flags);
  if (flags.length > 0) sameLength(flags, names.length, `flags of what it ${kind}`);
  if (versions.length > 0) sameLength(versions, names.length, `versions of what it ${kind}`);
  return names.map((name, index) => ({ name, flags: flags[index] ?? 0, version: versions[index] ?? '' }));
}

/** As rpm writes it: `lua >= 5.4`. */
export function formatRelation({ name, flags, version }: RpmRelation): string {
  const sense = [
    [relationFlags.less, '<'],
    [relationFlags.greater, '>'],
    [relationFlags.equal, '='],
  ] as const;
  const operator = sense
    .filter(([flag]) => (flags & flag) !== 0)
    .map(([, sign]) => sign)
    .join('');
  return operator === '' || version === '' ? name : `${name} ${operator} ${version}`;
}

type RelationName =
  | 'REQUIRE'
  | 'PROVIDE'
  | 'CONFLICT'
  | 'OBSOLETE'
  | 'RECOMMEND'
  | 'SUGGEST'
  | 'SUPPLEMENT'
  | 'ENHANCE';

function tagsOf(name: RelationName): {
  readonly name: number;
  readonly version: number;
  readonly flags: number;
} {
  return {
    name: headerTags[`${name}NAME`],
    version: headerTags[`${name}VERSION`],
    flags: headerTags[`${name}FLAGS`],
  };
}
