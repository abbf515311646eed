// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Puts the licences of all packages that are in the script beside it, as they ask for: licences.txt. */
export function collectLicences(): Plugin {
  return {
    name: 'collect-licences',
    generateBundle() {
      const directories = new Set(
        [...this.getModuleIds()].flatMap((id) => {
          const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replace(/^\0/, ''));
          return match?.[1] === undefined ? [] : [match[1]];
        }),
      );
      const texts = [...directories].filter((directory) => existsSync(directory)).map(licenceOf);
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.sort().join('\n\n') });
    },
  };
}

function licenceOf(directory: string): string {
  const about = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license: string;
  };
  const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8').trim();
  return `${about.name} ${about.version} (${about.license})\n\n${text}`;
}
