// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, listDirectory, pathExists, readText, readTextIfExists } from '../../host/files.ts';
import type { SourceInput } from '../source-input.ts';
import { packageIdentity } from './header/package-identity.ts';
import { openRpmFile } from './open-rpm-file.ts';
import { readPackageTar } from './package-tar.ts';
import { readSpecPreamble } from './spec-preamble.ts';

/** Whether a file is a source package or a tar file with a spec file, by its name. */
export function isSourceFile(fileName: string): boolean {
  return /\.(?:(?:no)?src\.rpm|tar(?:\.(?:gz|xz|bz2|zst))?)$/.test(fileName);
}

/**
 * Opens a source of the user's: a source package (`.src.rpm`), a tar file with a spec file and its sources as gear makes them
 * (`pkg.tar`), or a directory with a spec file. Throws PasekaError bad-source-package.
 */
export async function openLocalSource(path: string): Promise<SourceInput> {
  if (await isDirectory(path)) return openDirectory(path);
  if (!/\.tar(\.\w+)?$/.test(path)) {
    const opened = await openRpmFile(path, 'source');
    const { name, version } = packageIdentity(opened.header);
    return { kind: 'local', name, version, paths: [resolve(path)] };
  }
  if (!(await pathExists(path))) throw problem(path, 'no such file', 'give the path of a source package');
  const { specName, spec } = await readPackageTar(path);
  const { name, version } = identify(path, specName, spec);
  return { kind: 'local', name, version, paths: [resolve(path)] };
}

/** Which spec file a source directory is built by: the path in it. Throws PasekaError bad-source-package. */
export async function findSpec(directory: string): Promise<string> {
  const specs = (await listDirectory(directory)).filter((name) => name.endsWith('.spec'));
  const [only] = specs;
  if (only !== undefined && specs.length === 1) return only;
  const named = gearSpec(await readTextIfExists(join(directory, '.gear', 'rules')));
  if (named !== undefined && (await pathExists(join(directory, named)))) return named;
  throw problem(
    directory,
    specs.length === 0
      ? 'there is no spec file in it'
      : `there are several spec files in it: ${specs.join(', ')}`,
    'give a directory with one spec file and its sources',
  );
}

async function openDirectory(path: string): Promise<SourceInput> {
  const specName = await findSpec(path);
  const { name, version } = identify(path, specName, await readText(join(path, specName)));
  return { kind: 'directory', name, version, path };
}

/** `spec: PATH` of gear's rules. */
function gearSpec(rules: string | undefined): string | undefined {
  const path = /^spec:[ \t]*(\S+)[ \t]*$/m.exec(rules ?? '')?.[1];
  return path === undefined || path.startsWith('/') || path.split('/').includes('..') ? undefined : path;
}

function identify(path: string, specName: string, spec: string): { name: string; version: string } {
  const { name, version } = readSpecPreamble(spec);
  if (name !== undefined && version !== undefined) return { name, version };
  throw problem(
    path,
    `what ${specName} is called can't be told without the distribution's macros (${name === undefined ? 'Name' : 'Version'})`,
    'make a source package of it (rpmbuild -bs) and give that',
  );
}

function problem(path: string, message: string, hint: string): PasekaError {
  return new PasekaError('bad-source-package', `${path}: ${message}`, hint);
}
