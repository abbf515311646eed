// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, listDirectory, pathExists, readText, readTextIfExists } from '../../host/files.ts';
import type { SourceInput } from '../source-input.ts';
import { type GearRules, readGearRules } from './gear-rules.ts';
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
  const named = (await gearRulesOf(directory))?.spec;
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
  const spec = await readText(join(path, specName));
  const { name, version } = identify(path, specName, spec);
  await refuseUnpacked(path, spec);
  return { kind: 'directory', name, version, path };
}

/** Refuses a repository of gear whose spec file wants sources that only gear makes of it. */
async function refuseUnpacked(directory: string, spec: string): Promise<void> {
  const rules = await gearRulesOf(directory);
  if (rules === undefined) return;
  const there = new Set(await listDirectory(directory));
  const { files } = readSpecPreamble(spec);
  const missing = files.find((file) => file !== undefined && !there.has(file));
  if (missing === undefined && !(rules.makeFiles && files.includes(undefined))) return;
  throw problem(
    directory,
    `a repository of gear, which makes the sources of it${missing === undefined ? '' : `: there is no ${missing}`}`,
    'make a pkg.tar of it (gear --commit pkg.tar) and give that',
  );
}

async function gearRulesOf(directory: string): Promise<GearRules | undefined> {
  const text = await readTextIfExists(join(directory, '.gear', 'rules'));
  return text === undefined ? undefined : readGearRules(text);
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
