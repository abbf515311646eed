// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import type { Sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileSize, pathExists } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import type { LocalPackage } from '../distribution.ts';
import { Deb822Error, type Paragraph, parseDeb822 } from './deb822.ts';

/** The control data of a .deb. Throws PasekaError bad-binary-package, tool-missing. */
export async function readControl(path: string): Promise<Paragraph> {
  if (!(await pathExists(path))) {
    throw new PasekaError(
      'bad-binary-package',
      `${path}: no such file`,
      'give the path of a .deb or .changes file',
    );
  }
  const result = await runProcess({ command: ['dpkg-deb', '--field', path], environment: toolEnvironment() });
  if (result.end.kind === 'not-started') {
    throw new PasekaError('tool-missing', 'dpkg-deb could not be started', 'apt-get install dpkg');
  }
  let paragraph: Paragraph | undefined;
  let said = result.stderr.trim().split('\n').at(-1) ?? '';
  try {
    if (isSuccess(result.end)) [paragraph] = parseDeb822(result.stdout); // printed as it stands in the package
  } catch (error) {
    if (!(error instanceof Deb822Error)) throw error;
    said = error.message;
  }
  if (paragraph?.get('package') === undefined || paragraph.get('version') === undefined) {
    throw new PasekaError(
      'bad-binary-package',
      `${path}: not a binary package: ${said}`,
      'build or fetch it anew',
    );
  }
  return paragraph;
}

const latest = new Map<Sha256, Paragraph>();
const mostKept = 256;

/** The control data of a package that was described before; of the latest ones without reading the file again. */
export async function controlOf(file: LocalPackage): Promise<Paragraph> {
  return latest.get(file.sha256) ?? keep(file.sha256, await readControl(file.path));
}

function keep(sha256: Sha256, control: Paragraph): Paragraph {
  latest.set(sha256, control);
  const [oldest] = latest.keys();
  if (latest.size > mostKept && oldest !== undefined) latest.delete(oldest);
  return control;
}

/** Reads what a .deb says of itself. Throws as {@link readControl} does. */
export async function readPackage(path: string): Promise<LocalPackage> {
  const control = await readControl(path);
  const sha256 = await hashFile(path);
  keep(sha256, control);
  return {
    name: control.get('package') ?? '',
    version: control.get('version') ?? '',
    architecture: control.get('architecture') ?? '',
    fileName: basename(path),
    path,
    sha256,
    bytes: await fileSize(path),
  };
}
