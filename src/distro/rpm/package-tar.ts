// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';

/** A tar file with a spec file and its sources, all at its top (ALT's `pkg.tar`). */
export interface PackageTar {
  readonly specName: string;
  readonly spec: string;
}

/**
 * Reads it: the label of the tar file names the spec file, as gear writes it and hasher reads it; without a label the only one
 * at its top is taken. Throws PasekaError bad-source-package.
 */
export async function readPackageTar(path: string): Promise<PackageTar> {
  const label = (await tar(path, ['--test-label'])).trim();
  const member = label === '' ? await onlySpec(path) : label;
  const specName = member.replace(/^\.\//, '');
  if (!/^[^/]+\.spec$/.test(specName)) throw problem(path, `its label ${label} names no spec file`);
  return { specName, spec: await tar(path, ['--extract', '--to-stdout', '--', member]) };
}

async function onlySpec(path: string): Promise<string> {
  const members = (await tar(path, ['--list'])).split('\n');
  const specs = members.filter((name) => /^(\.\/)?[^/]+\.spec$/.test(name));
  const [only] = specs;
  if (only !== undefined && specs.length === 1) return only;
  throw problem(
    path,
    specs.length === 0
      ? 'it has no label and no spec file'
      : `it has several spec files: ${specs.join(', ')}`,
  );
}

async function tar(path: string, words: readonly string[]): Promise<string> {
  const [mode = '--list', ...rest] = words;
  const result = await runProcess({
    command: ['tar', mode, '--file', path, ...rest],
    environment: toolEnvironment(),
  });
  if (isSuccess(result.end)) return result.stdout;
  throw problem(path, `not a tar file with a spec file: ${result.stderr.trim().split('\n')[0] ?? ''}`);
}

function problem(path: string, message: string): PasekaError {
  return new PasekaError(
    'bad-source-package',
    `${path}: ${message}`,
    'make it with gear, or give a source package',
  );
}
