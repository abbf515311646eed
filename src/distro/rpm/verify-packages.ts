// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { makeTemporaryDirectory } from '../../host/files.ts';
import { toolMissing } from '../../host/host-packaging.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import type { VerifyRequest } from '../distribution.ts';
import type { RemoteFile } from '../source-input.ts';

const mostAtOnce = 200;
const mostTold = 5;

/**
 * Checks that packages are signed by a key of their repository, where the user asks for that. By this host's rpm with a key ring
 * of its own, before any other program looks into them.
 */
export async function verifyPackages(request: VerifyRequest): Promise<void> {
  const byKeys = new Map<string, { readonly keys: readonly string[]; readonly files: RemoteFile[] }>();
  for (const file of request.files) {
    if (file.signedBy === undefined) continue;
    const group = byKeys.get(file.signedBy.join(' '));
    if (group === undefined) byKeys.set(file.signedBy.join(' '), { keys: file.signedBy, files: [file] });
    else group.files.push(file);
  }
  for (const { keys, files } of byKeys.values()) await check(keys, files, request);
}

async function check(
  keys: readonly string[],
  files: readonly RemoteFile[],
  { frozenDirectory, pathOf, scratchDirectory, signal }: VerifyRequest,
): Promise<void> {
  await using database = await makeTemporaryDirectory(scratchDirectory, 'keys-');
  const tools = { database: database.path, ...(signal === undefined ? {} : { signal }) };
  const imported = await rpmkeys(['--import', ...keys.map((key) => join(frozenDirectory, key))], tools);
  if (imported !== undefined) throw untrusted(`their keys can't be used: ${imported}`);
  for (let at = 0; at < files.length; at += mostAtOnce) {
    const some = files.slice(at, at + mostAtOnce);
    const said = await rpmkeys(['--checksig', ...some.map(pathOf)], tools);
    if (said === undefined) continue;
    const bad = some.filter((file) => !said.includes(`${pathOf(file)}: digests signatures OK`));
    if (bad.length === 0) throw untrusted(said);
    const told: string[] = [];
    for (const file of bad.slice(0, mostTold)) {
      const all = await rpmkeys(['--checksig', '--verbose', pathOf(file)], tools);
      told.push(`${file.fileName} ${signatureFault(all ?? '')}`);
    }
    const more = bad.length > mostTold ? `; and ${bad.length - mostTold} more` : '';
    throw untrusted(`${told.join('; ')}${more}`);
  }
}

/** What is wrong with a package's signatures, from what `rpmkeys --checksig --verbose` says of each of them. */
function signatureFault(said: string): string {
  const signatures = said.split('\n').filter((line) => / signature, key ID /i.test(line));
  const bad = signatures.find((line) => / BAD\b/.test(line));
  if (bad !== undefined) return `has a signature that is wrong (${bad.trim()})`;
  const [, key] = /key ID (\w+)/.exec(signatures.join('\n')) ?? [];
  if (key !== undefined) return `is signed by another key (${key})`;
  return / digest: BAD/.test(said) ? 'is not whole' : 'is not signed';
}

/** What rpm says where it is not content. Its database has nothing but the keys. */
async function rpmkeys(
  words: readonly string[],
  { database, signal }: { readonly database: string; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  const { end, stdout, stderr } = await runProcess({
    command: [
      'rpmkeys',
      ...['--define', `_dbpath ${database}`, '--define', '_pkgverify_level signature'],
      ...words,
    ],
    environment: toolEnvironment({ HOME: database }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (isSuccess(end)) return undefined;
  switch (end.kind) {
    case 'not-started':
      throw toolMissing('rpm is not installed, which checks the signatures of packages', {
        debian: 'rpm',
        provided: '/usr/bin/rpm',
      });
    case 'cancelled':
      throw new PasekaError('cancelled', 'checking signatures was cancelled', 'start it again');
    case 'exited':
    case 'signalled':
    case 'timed-out':
      return `${stdout}\n${stderr}`.trim();
  }
}

function untrusted(why: string): PasekaError {
  return new PasekaError(
    'signature-invalid',
    `not signed by a key of its repository: ${why}`,
    'give the right key by gpgkey; gpgcheck=0 takes packages as they are',
  );
}
