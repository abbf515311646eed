// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

/** A package that stands in an index alone; dependencies as a spec file has them (`foo >= 1`, `(a or b)`). */
export interface MadePackage {
  readonly name: string;
  /** `[EPOCH:]VERSION-RELEASE`; default `1-1`. */
  readonly evr?: string;
  /** Default `noarch`. */
  readonly arch?: string;
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly obsoletes?: readonly string[];
  readonly recommends?: readonly string[];
  readonly suggests?: readonly string[];
  readonly supplements?: readonly string[];
  /** Absolute paths. */
  readonly files?: readonly string[];
  /** What its file is made of: other words give another checksum. */
  readonly content?: string;
}

/** How an index is written, and where it lies about itself. */
export interface MadeIndexFaults {
  readonly primary?: (xml: string) => string;
  readonly repomd?: (xml: string) => string;
  /** Default sha256. */
  readonly checksumOfPackages?: 'sha256' | 'sha512';
  /** How the indices are packed, by the end of their names; default gz. `` for plain ones. */
  readonly packing?: keyof typeof packings;
}

const packings = {
  gz: (xml: string) => gzipSync(xml, { level: 1 }),
  zst: (xml: string) => zstdCompressSync(xml),
  xz: (xml: string) => execFileSync('xz', ['--stdout'], { input: xml }),
  bz2: (xml: string) => execFileSync('bzip2', ['--stdout'], { input: xml }),
  '': (xml: string) => Buffer.from(xml),
} as const;

/** Writes `repodata/` of a repository with these packages and no package files; what was there goes. */
export async function writeMadeRepository(
  directory: string,
  packages: readonly MadePackage[],
  faults: MadeIndexFaults = {},
): Promise<void> {
  const repodata = join(directory, 'repodata');
  await rm(repodata, { recursive: true, force: true });
  await mkdir(repodata, { recursive: true });
  const algorithm = faults.checksumOfPackages ?? 'sha256';
  const primary = primaryXml(packages, algorithm);
  const indices: readonly (readonly [string, string])[] = [
    ['primary', faults.primary?.(primary) ?? primary],
    ['filelists', filelistsXml(packages, algorithm)],
  ];
  const data: string[] = [];
  const { packing = 'gz' } = faults;
  for (const [type, xml] of indices) {
    const packed = packings[packing](xml);
    const fileName = packing === '' ? `${type}.xml` : `${type}.xml.${packing}`;
    await writeFile(join(repodata, fileName), packed);
    data.push(`<data type="${type}"><checksum type="sha256">${digest('sha256', packed)}</checksum>
<open-checksum type="sha256">${digest('sha256', xml)}</open-checksum>
<location href="repodata/${fileName}"/><timestamp>1700000000</timestamp><size>${packed.length}</size>
<open-size>${Buffer.byteLength(xml)}</open-size></data>`);
  }
  const repomd = `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
<revision>1700000000</revision>
${data.join('\n')}
</repomd>
`;
  await writeFile(join(repodata, 'repomd.xml'), faults.repomd?.(repomd) ?? repomd);
}

/** The SHA-256 that a made package's file has in the index. */
export function madeChecksum(one: MadePackage, algorithm: 'sha256' | 'sha512' = 'sha256'): string {
  return digest(algorithm, `${one.name} ${one.evr ?? ''} ${one.arch ?? ''} ${one.content ?? ''}`);
}

function primaryXml(packages: readonly MadePackage[], algorithm: 'sha256' | 'sha512'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="${packages.length}">
${packages.map((one) => packageXml(one, algorithm)).join('\n')}
</metadata>
`;
}

function packageXml(one: MadePackage, algorithm: 'sha256' | 'sha512'): string {
  const { epoch, version, release } = parseEvr(one.evr ?? '1-1');
  const arch = one.arch ?? 'noarch';
  const isSource = arch === 'src';
  const own = isSource ? [] : [`${one.name} = ${one.evr ?? '1-1'}`];
  const source = isSource ? '' : `<rpm:sourcerpm>${one.name}-${version}-${release}.src.rpm</rpm:sourcerpm>`;
  const primaryFiles = (one.files ?? []).filter((path) => /^\/etc\/|bin\/|^\/usr\/lib\/sendmail$/.test(path));
  return `<package type="rpm"><name>${one.name}</name><arch>${arch}</arch>
<version epoch="${epoch}" ver="${version}" rel="${release}"/>
<checksum type="${algorithm}" pkgid="YES">${madeChecksum(one, algorithm)}</checksum>
<summary>${one.name}</summary><description>${one.name}</description><packager>The hive &lt;hive@example.org&gt;</packager><url/>
<time file="1700000000" build="1700000000"/><size package="1000" installed="2000" archive="2100"/>
<location href="Packages/${one.name}-${version}-${release}.${arch}.rpm"/>
<format><rpm:license>GPL</rpm:license><rpm:vendor>hive</rpm:vendor><rpm:group>Tools</rpm:group><rpm:buildhost>x</rpm:buildhost>${source}
<rpm:header-range start="100" end="200"/>
${relationXml('provides', [...own, ...(one.provides ?? [])])}${relationXml('requires', one.requires)}${relationXml('conflicts', one.conflicts)}${relationXml('obsoletes', one.obsoletes)}${relationXml('recommends', one.recommends)}${relationXml('suggests', one.suggests)}${relationXml('supplements', one.supplements)}
${primaryFiles.map((path) => `<file>${path}</file>`).join('')}</format></package>`;
}

function filelistsXml(packages: readonly MadePackage[], algorithm: 'sha256' | 'sha512'): string {
  const entries = packages.map((one) => {
    const { epoch, version, release } = parseEvr(one.evr ?? '1-1');
    const files = (one.files ?? []).map((path) => `<file>${path}</file>`).join('');
    return `<package pkgid="${madeChecksum(one, algorithm)}" name="${one.name}" arch="${one.arch ?? 'noarch'}"><version epoch="${epoch}" ver="${version}" rel="${release}"/>${files}</package>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<filelists xmlns="http://linux.duke.edu/metadata/filelists" packages="${packages.length}">
${entries.join('\n')}
</filelists>
`;
}

const flags: Readonly<Record<string, string>> = { '=': 'EQ', '>=': 'GE', '<=': 'LE', '>': 'GT', '<': 'LT' };

function relationXml(kind: string, relations: readonly string[] | undefined): string {
  if (relations === undefined || relations.length === 0) return '';
  const entries = relations.map((text) => {
    const [, name = '', relation = '', evr = ''] = /^([^\s(]\S*)\s+([<>=]+)\s+(\S+)$/.exec(text) ?? [];
    if (name === '') return `<rpm:entry name="${escapeXml(text)}"/>`;
    const { epoch, version, release } = parseEvr(evr);
    const rel = release === '' ? '' : ` rel="${release}"`;
    return `<rpm:entry name="${name}" flags="${flags[relation]}" epoch="${epoch}" ver="${version}"${rel}/>`;
  });
  return `<rpm:${kind}>${entries.join('')}</rpm:${kind}>`;
}

function parseEvr(evr: string): {
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
} {
  const [, epoch = '0', version = '', release = ''] = /^(?:(\d+):)?([^-]*)(?:-(.*))?$/.exec(evr) ?? [];
  return { epoch, version, release };
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function digest(algorithm: string, content: string | Uint8Array): string {
  return createHash(algorithm).update(content).digest('hex');
}
