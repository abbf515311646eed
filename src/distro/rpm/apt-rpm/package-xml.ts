// SPDX-License-Identifier: GPL-2.0-or-later
import {
  type RelationKind,
  type RpmRelation,
  relationFlags,
  relationsOf,
} from '../header/header-dependencies.ts';
import { pathsOf } from '../header/header-files.ts';
import { headerTags } from '../header/header-tags.ts';
import { numberOf, textOf } from '../header/header-values.ts';
import type { PackageIdentity } from '../header/package-identity.ts';
import type { Header } from '../header/read-header.ts';
import { parseEvr } from '../rpm-version.ts';

/** A package that has a header and is in no index of rpm-md. */
export interface HeaderPackage extends PackageIdentity {
  readonly header: Header;
  /** Relative to its repository. */
  readonly path: string;
  readonly bytes: number;
  /** Of its file, in lower-case hexadecimal digits. */
  readonly digest: string;
}

/** What a digest is called in the index: libsolv has none of BLAKE2b, which is as long as SHA-512. */
const checksumTypes = { sha256: 'sha256', md5: 'md5', blake2b512: 'sha512' } as const;

/** How a repository knows its packages' files. */
export type PackageDigest = keyof typeof checksumTypes;

/**
 * An index of rpm-md (createrepo_c's primary.xml) of these packages, in pieces, with all their paths: what libsolv reads instead of
 * the headers, for which it would need librpm.
 */
export function* packagesXml(packages: Iterable<HeaderPackage>, digest: PackageDigest): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">\n';
  for (const one of packages) yield packageXml(one, checksumTypes[digest]);
  yield '</metadata>\n';
}

function packageXml(one: HeaderPackage, checksumType: string): string {
  const { header, isSource } = one;
  const { epoch, version, release = '' } = parseEvr(one.version);
  const installed = numberOf(header, headerTags.LONGSIZE) ?? numberOf(header, headerTags.SIZE) ?? 0;
  const element = (name: string, tag: number): string => {
    const text = textOf(header, tag);
    return text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`;
  };
  const relations = relationKinds(isSource).map((kind) => relationsXml(kind, relationsOf(header, kind)));
  const source = one.sourceFileName;
  return `<package type="rpm"><name>${escapeXml(one.name)}</name><arch>${isSource ? 'src' : escapeXml(one.architecture)}</arch>
<version epoch="${epoch}" ver="${escapeXml(version)}" rel="${escapeXml(release)}"/>
<checksum type="${checksumType}" pkgid="YES">${one.digest}</checksum>
${element('packager', headerTags.PACKAGER)}<size package="${one.bytes}" installed="${installed}"/>
<location href="${escapeXml(one.path)}"/>
<format>${element('rpm:vendor', headerTags.VENDOR)}${element('rpm:group', headerTags.GROUP)}
${source === undefined ? '' : `<rpm:sourcerpm>${escapeXml(source)}</rpm:sourcerpm>`}
${relations.join('')}${isSource ? '' : pathsOf(header).map(fileXml).join('')}</format></package>
`;
}

/** Of sources only what they need and must not have. */
function relationKinds(isSource: boolean): readonly RelationKind[] {
  return isSource
    ? ['requires', 'conflicts']
    : ['provides', 'requires', 'conflicts', 'obsoletes', 'recommends', 'suggests', 'supplements', 'enhances'];
}

function relationsXml(kind: RelationKind, relations: readonly RpmRelation[]): string {
  if (relations.length === 0) return '';
  return `<rpm:${kind}>${relations.map(relationXml).join('')}</rpm:${kind}>\n`;
}

function relationXml({ name, flags, version }: RpmRelation): string {
  const pre = (flags & relationFlags.prereq) === 0 ? '' : ' pre="1"';
  const sense = [
    ((flags & relationFlags.less) === 0 ? '' : 'L') + ((flags & relationFlags.greater) === 0 ? '' : 'G'),
    (flags & relationFlags.equal) === 0 ? '' : 'E',
  ].join('');
  const comparison = comparisons[sense];
  if (comparison === undefined || version === '') return `<rpm:entry name="${escapeXml(name)}"${pre}/>`;
  const { epoch, version: ver, release } = versionParts(version);
  const rel = release === undefined ? '' : ` rel="${escapeXml(release)}"`;
  return `<rpm:entry name="${escapeXml(name)}" flags="${comparison}" epoch="${epoch}" ver="${escapeXml(ver)}"${rel}${pre}/>`;
}

const comparisons: Readonly<Record<string, string>> = { L: 'LT', G: 'GT', E: 'EQ', LE: 'LE', GE: 'GE' };

/** Sets of symbols have no parts. */
function versionParts(version: string): ReturnType<typeof parseEvr> {
  return version.startsWith('set:') ? { epoch: 0, version } : parseEvr(version);
}

function fileXml(path: string): string {
  return `<file>${escapeXml(path)}</file>`;
}

/** Control characters, which no XML has, are left out. */
function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '');
}
