// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Checks what no other tool does: every source file names its licence, and nothing in the tree depends on the mirrors
 * of the machine that it was written on. Prints one line for each fault; exit status 1 where there is one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// A checkout may well be another user's than who checks it.
const listing = ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
const files = execFileSync('git', listing, { encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '')
  .flatMap((file) => {
    const text = readText(file);
    return text === undefined ? [] : [{ file, text }];
  });
const hosts = mirrorHosts();

const faults = files.flatMap(({ file, text }) => [
  ...(isSource(file, text) && !hasLicence(text)
    ? [`${file}: the first lines lack SPDX-License-Identifier: GPL-2.0-or-later`]
    : []),
  ...hosts
    .filter((host) => text.includes(host))
    .map((host) => `${file}: names this machine's mirror ${host}`),
  ...(file === 'package-lock.json' && text.includes('"resolved":')
    ? [`${file}: names a registry; .npmrc's omit-lockfile-registry-resolved was not in force`]
    : []),
]);
if (files.length === 0) faults.push('found no file to check');
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function isSource(file: string, text: string): boolean {
  return /\.(ts|tsx|mjs|sh|css)$/.test(file) || text.startsWith('#!');
}

function hasLicence(text: string): boolean {
  return /^(.*\n)?(\/\/|#|\/\*) SPDX-License-Identifier: GPL-2\.0-or-later( \*\/)?\n/.test(text);
}

/** The file's text; undefined where it has none: a link, a binary, or deleted but not yet committed so. */
function readText(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.includes('\0') ? undefined : text;
  } catch (error) {
    if (['ENOENT', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The hosts that this machine's apt and npm fetch from; without the machine itself, which tests may well name. */
function mirrorHosts(): string[] {
  const uris = `${output('apt-get', ['--print-uris', 'update'])}\n${output('npm', ['config', 'get', 'registry'])}`;
  const found = [...uris.matchAll(/\b[a-z]+:\/\/(?:[^/@\s']*@)?([^/:@\s']+)/g)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(found)].filter((host) => host.includes('.') && !host.startsWith('127.'));
}

/** What the command said; empty where this machine hasn't got it. */
function output(file: string, args: readonly string[]): string {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}
