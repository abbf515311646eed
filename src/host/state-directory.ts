// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { isErrno, listDirectory, makeDirectory, moveFile, readTextIfExists, writeText } from './files.ts';

/** The directory with everything that outlives a run, open and writable. All paths are absolute, and all directories exist. */
export interface StateDirectory {
  readonly path: string;
  /** Package and source files by SHA-256 (store/pool.ts). */
  readonly pool: string;
  /** Frozen repositories by id (snapshot/snapshot-store.ts). */
  readonly snapshots: string;
  readonly bases: string;
  readonly layers: string;
  /** Packages unpacked once, by SHA-256 (layers/unpacked-store.ts). */
  readonly unpacked: string;
  /** What users' own commands prepared for clones, by name (store/prepared/prepared-store.ts). */
  readonly prepared: string;
  /** What may not be on disk yet (unsettled.ts). */
  readonly unsettled: string;
  /** Results of install checks (campaign/check-results.ts). */
  readonly checks: string;
  /** Which package files were found to be signed by which keys (store/checked-signatures.ts). */
  readonly signed: string;
  /** Buildroots and what else lives as long as a process. */
  readonly run: string;
  /** Logs and results, by campaign. */
  readonly campaigns: string;
  /** The file of the database (db/database.ts); may not be there yet. */
  readonly database: string;
  /** The file with what allows to change something through the server (server/server-token.ts); may not be there yet. */
  readonly serverToken: string;
  /** Things half made, on the same file system as all others (scratch-directory.ts). */
  readonly tmp: string;
  /** Lock files: flock(2), so that they are let go however a process ends. */
  readonly locks: string;
}

const formatVersion = 1;
const parts = [
  'pool',
  'snapshots',
  'bases',
  'layers',
  'unpacked',
  'prepared',
  'unsettled',
  'checks',
  'signed',
  'run',
  'campaigns',
  'tmp',
  'locks',
] as const;

/** What decides where the state is. */
export interface StateLocation {
  /** `--state-dir`. */
  readonly option?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether this is the system's root, not root of a user namespace. */
  readonly isSystemRoot: boolean;
  readonly homeDirectory: string;
}

/**
 * Where the state is: the option, else PASEKA_STATE, else `/var/lib/paseka` for root and `paseka` below XDG_STATE_HOME
 * (default `~/.local/state`; XDG Base Directory Specification) for everybody else.
 */
export function stateDirectoryPath(location: StateLocation): string {
  const { option, environment } = location;
  const named = option ?? nonEmpty(environment['PASEKA_STATE']);
  if (named !== undefined) return resolve(named);
  if (location.isSystemRoot) return '/var/lib/paseka';
  const stateHome = nonEmpty(environment['XDG_STATE_HOME']);
  return join(
    stateHome !== undefined && isAbsolute(stateHome)
      ? stateHome
      : join(location.homeDirectory, '.local/state'),
    'paseka',
  );
}

/**
 * Opens the state, making it where it is absent. Several processes may have it open. Throws PasekaError state-newer for
 * one of a newer program, state-not-writable, disk-full, and bad-option for a directory of something else.
 */
export async function openStateDirectory(path: string): Promise<StateDirectory> {
  try {
    await makeDirectory(path);
    await checkVersion(path);
    for (const part of parts) {
      await makeDirectory(join(path, part));
      await access(join(path, part), constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP')) throw error;
    throw new PasekaError(
      'state-not-writable',
      `the state directory ${path} can't be written to: ${(error as Error).message}`,
      'name another one with --state-dir or PASEKA_STATE, or give this one to the user who runs this',
      error,
    );
  }
  const within = Object.fromEntries(parts.map((part) => [part, join(path, part)]));
  return {
    path,
    database: join(path, 'paseka.sqlite'),
    serverToken: join(path, 'server-token'),
    ...(within as Record<(typeof parts)[number], string>),
  };
}

async function checkVersion(path: string): Promise<void> {
  const versionFile = join(path, 'version');
  const text = await readTextIfExists(versionFile);
  if (text === undefined) {
    const others = (await listDirectory(path)).filter((name) => !name.startsWith('version.'));
    // another process may have made it between the two looks
    if (others.length > 0 && (await readTextIfExists(versionFile)) === undefined) {
      throw new PasekaError(
        'bad-option',
        `${path} is not a state directory: it has no file 'version', but ${others[0]}`,
        'name an empty or absent directory with --state-dir',
      );
    }
    const beside = `${versionFile}.${randomUUID()}`;
    await writeText(beside, `${formatVersion}\n`);
    await moveFile(beside, versionFile);
    return;
  }
  const version = Number(text.trim());
  if (version === formatVersion) return;
  throw new PasekaError(
    'state-newer',
    `the state directory ${path} has the format ${text.trim().slice(0, 20)}; this program knows ${formatVersion}`,
    'use the newer program, or name another directory with --state-dir',
  );
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
