// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { listDirectory } from '../host/files.ts';
import { readWholeFile } from '../host/whole-file.ts';

/** A file of the built page. */
export interface DashboardFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
};

/** Where the built page is in a checkout or package: script/build-dashboard makes it. */
export const dashboardDirectory = join(import.meta.dirname, '../../dist/dashboard');

/** Reads the built page, by name. Throws PasekaError tool-missing where it was not built. */
export async function readDashboard(directory: string): Promise<Map<string, DashboardFile>> {
  const files = new Map<string, DashboardFile>();
  for (const name of await listDirectory(directory)) {
    const type = types[name.slice(name.lastIndexOf('.') + 1)];
    const bytes = type === undefined ? undefined : await readWholeFile(join(directory, name));
    if (type !== undefined && bytes !== undefined) files.set(name, { type, bytes });
  }
  if (!files.has('index.html')) {
    throw new PasekaError('tool-missing', 'the dashboard has not been built', 'run script/bootstrap');
  }
  return files;
}
