// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { Distribution } from '../distribution.ts';

function refuse(): never {
  throw new PasekaError(
    'bad-option',
    'this version makes no roots of RPM distributions yet',
    'paseka snapshot and paseka check work for them',
  );
}

/** What takes a root or makes one: refused, until it is there. */
export const rootsToCome: Pick<
  Distribution,
  | 'readUnpackedFiles'
  | 'listBasePackages'
  | 'makeBase'
  | 'installPackages'
  | 'unpackPackage'
  | 'stagePackages'
  | 'comparison'
  | 'buildSource'
  | 'makeRepository'
  | 'checkInstall'
  | 'failures'
> = {
  readUnpackedFiles: async () => refuse(),
  listBasePackages: async () => refuse(),
  makeBase: async () => refuse(),
  installPackages: async () => refuse(),
  unpackPackage: async () => refuse(),
  stagePackages: async () => refuse(),
  comparison: { isIgnored: () => false, meaningOf: () => undefined, areAlike: () => false },
  buildSource: async () => refuse(),
  makeRepository: async () => refuse(),
  checkInstall: async () => refuse(),
  failures: { rules: [], stepOf: () => undefined, stepWords: [] },
};
