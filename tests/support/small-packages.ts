// SPDX-License-Identifier: GPL-2.0-or-later
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runTool } from './run-tool.ts';

type MaintainerScript = 'preinst' | 'postinst' | 'prerm' | 'postrm' | 'config';

/** A binary package to make with dpkg-deb. */
export interface SmallBinary {
  readonly name: string;
  /** Default `1.0`. */
  readonly version?: string;
  /** Default `all`. */
  readonly architecture?: string;
  /** More control fields: `{ Depends: 'a, b', Source: 'x' }`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Absolute path inside to content; default one file below /usr/share/doc. A path ending in `/` is a directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Paths of {@link files} to make executable. */
  readonly executables?: readonly string[];
  /** Other modes of {@link files}. */
  readonly modes?: Readonly<Record<string, number>>;
  /** Symbolic links: absolute path inside to target. */
  readonly links?: Readonly<Record<string, string>>;
  readonly scripts?: { readonly [name in MaintainerScript]?: string };
  /** Other control files, such as `triggers` or `conffiles`. */
  readonly controlFiles?: Readonly<Record<string, string>>;
}

/** A source package to make with dpkg-source, format `3.0 (native)`. */
export interface SmallSource {
  readonly name: string;
  /** Default `1.0`. */
  readonly version?: string;
  readonly buildDepends?: string;
  /** More fields of the source stanza of debian/control. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Binary packages and further fields of their stanzas; default one of the source's name, architecture `all`. */
  readonly binaries?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Default: with dpkg's own tools alone, a package with one documentation file for each binary. */
  readonly rules?: string;
  /** Further files, relative to the source. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes `NAME_VERSION_ARCHITECTURE.deb` in `outputDirectory`; its path. */
export async function makeBinaryPackage(binary: SmallBinary, outputDirectory: string): Promise<string> {
  const { name, version = '1.0', architecture = 'all' } = binary;
  const tree = await mkdtemp(join(tmpdir(), 'paseka-deb-'));
  try {
    await chmod(tree, 0o755);
    await writeTree(tree, binary.files ?? { [`/usr/share/doc/${name}/readme`]: `${name} ${version}\n` });
    for (const path of binary.executables ?? []) await chmod(join(tree, path), 0o755);
    for (const [path, mode] of Object.entries(binary.modes ?? {})) await chmod(join(tree, path), mode);
    for (const [path, target] of Object.entries(binary.links ?? {})) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await symlink(target, join(tree, path));
    }
    const control = {
      Package: name,
      Version: version,
      Architecture: architecture,
      Maintainer: 'Paseka Test <test@example.org>',
      Description: `a small package`,
      ...binary.fields,
    };
    await writeTree(join(tree, 'DEBIAN'), { control: paragraph(control), ...binary.controlFiles });
    for (const [script, text] of Object.entries(binary.scripts ?? {})) {
      await writeTree(join(tree, 'DEBIAN'), { [script]: text });
      await chmod(join(tree, 'DEBIAN', script), 0o755);
    }
    await mkdir(outputDirectory, { recursive: true });
    const path = join(outputDirectory, `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`);
    await runTool(['dpkg-deb', '--root-owner-group', '-Zgzip', '--build', tree, path]);
    return path;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/** Makes a source package in `outputDirectory`; the path of its .dsc. */
export async function makeSourcePackage(source: SmallSource, outputDirectory: string): Promise<string> {
  const { name, version = '1.0' } = source;
  const scratch = await mkdtemp(join(tmpdir(), 'paseka-dsc-'));
  try {
    const tree = await writeSourceTree(source, scratch);
    await mkdir(outputDirectory, { recursive: true });
    await runTool(['dpkg-source', '--build', tree], { workingDirectory: outputDirectory });
    return join(outputDirectory, `${name}_${version.replace(/^\d+:/, '')}.dsc`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Writes an unpacked source to `NAME-VERSION` below `directory`; its path. */
export async function writeSourceTree(source: SmallSource, directory: string): Promise<string> {
  const { name, version = '1.0' } = source;
  const binaries = source.binaries ?? { [name]: {} };
  const tree = join(directory, `${name}-${version.replace(/^\d+:/, '')}`);
  const stanzas = [
    paragraph({
      Source: name,
      Section: 'misc',
      Priority: 'optional',
      Maintainer: 'Paseka Test <test@example.org>',
      'Standards-Version': '4.6.2',
      ...(source.buildDepends === undefined ? {} : { 'Build-Depends': source.buildDepends }),
      ...source.fields,
    }),
    ...Object.entries(binaries).map(([binary, fields]) =>
      paragraph({ Package: binary, Architecture: 'all', Description: 'a small package', ...fields }),
    ),
  ];
  await writeTree(tree, {
    'debian/control': stanzas.join('\n'),
    'debian/changelog': `${name} (${version}) unstable; urgency=medium\n\n  * Test.\n\n -- Paseka Test <test@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n`,
    'debian/source/format': '3.0 (native)\n',
    'debian/rules': source.rules ?? defaultRules(Object.keys(binaries)),
    ...source.files,
  });
  await chmod(join(tree, 'debian/rules'), 0o755);
  return tree;
}

function defaultRules(binaries: readonly string[]): string {
  const builds = binaries
    .map(
      (name) => `	mkdir -p debian/tmp/${name}/DEBIAN debian/tmp/${name}/usr/share/doc/${name}
	echo built > debian/tmp/${name}/usr/share/doc/${name}/readme
	dpkg-gencontrol -p${name} -Pdebian/tmp/${name}
	dpkg-deb --root-owner-group --build debian/tmp/${name} ..
`,
    )
    .join('');
  return `#!/usr/bin/make -f
build build-arch build-indep:
clean:
	rm -rf debian/tmp debian/files
binary: binary-indep binary-arch
binary-arch:
binary-indep:
${builds}`;
}

function paragraph(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

async function writeTree(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    if (path.endsWith('/')) {
      await mkdir(target, { recursive: true });
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}
