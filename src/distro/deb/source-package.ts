// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, dirname, join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isDirectory, pathExists, readText } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { SourceInput } from '../source-input.ts';
import { Deb822Error, fieldRows, parseDeb822 } from './deb822.ts';

/** Opens a source of the user's: a `.dsc` whose files stand beside it, or a directory with an unpacked source. */
export async function openLocalSource(path: string): Promise<SourceInput> {
  if (await isDirectory(path)) return openDirectory(path);
  return openDescription(path);
}

async function openDescription(path: string): Promise<SourceInput> {
  const problem = (message: string, cause?: unknown): PasekaError =>
    new PasekaError(
      'bad-source-package',
      `${path}: ${message}`,
      'fetch or make the source package anew',
      cause,
    );
  if (!(await pathExists(path))) throw problem('no such file');
  let paragraph;
  try {
    [paragraph] = parseDeb822(await readText(path));
  } catch (error) {
    if (error instanceof Deb822Error) throw problem(`line ${error.line}: ${error.message}`, error);
    throw error;
  }
  const name = paragraph?.get('source');
  const version = paragraph?.get('version');
  if (paragraph === undefined || name === undefined || version === undefined) {
    throw problem('not a source package description (no Source or no Version)');
  }
  const rows = fieldRows(paragraph, 'checksums-sha256');
  if (rows.length === 0) throw problem('it lists no files with SHA-256 checksums');
  const paths = [path];
  for (const [digest = '', bytes = '', fileName = ''] of rows) {
    if (fileName === '' || fileName !== basename(fileName)) throw problem(`a bad file name: ${fileName}`);
    const file = join(dirname(path), fileName);
    if (!(await pathExists(file))) throw problem(`${fileName} is missing beside it`);
    const found = await hashFile(file);
    if (found !== digest) throw problem(`${fileName} has SHA-256 ${found}, not ${digest} (${bytes} bytes)`);
    paths.push(file);
  }
  return { kind: 'local', name, version, paths };
}

async function openDirectory(path: string): Promise<SourceInput> {
  const problem = (message: string): PasekaError =>
    new PasekaError(
      'bad-source-package',
      `${path}: ${message}`,
      'give the top directory of an unpacked source',
    );
  const changelogPath = join(path, 'debian', 'changelog');
  if (!(await pathExists(join(path, 'debian', 'control')))) throw problem('there is no debian/control in it');
  if (!(await pathExists(changelogPath))) throw problem('there is no debian/changelog in it');
  const first = (await readText(changelogPath)).split('\n').find((line) => line.trim() !== '') ?? '';
  const match = /^([a-z0-9][a-z0-9+.-]+) \(([^)\s]+)\)/.exec(first);
  if (match === null) throw problem(`debian/changelog begins with "${first.slice(0, 60)}"`);
  const [, name = '', version = ''] = match;
  return { kind: 'directory', name, version, path };
}
