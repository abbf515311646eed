// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { PasekaError } from '../base/paseka-error.ts';
import { freeBytesOf } from '../host/file-system.ts';
import { migrations } from './migrations.ts';

/** Marks a file as a database of this program (PRAGMA application_id): `PasK`. */
const applicationId = 0x5061734b;
/** How long a process waits for another one that is just writing. */
const busyTimeoutMs = 10_000;
/** 16 MB: a checkpoint holds everything up for as long as it takes to write that many pages of 4 KiB. */
const checkpointPages = 4096;

/** By so much the index of the write-ahead log grows (https://sqlite.org/walformat.html). */
const sharedMemoryBytes = 32 * 1024;

/** The primary result codes of SQLite that are not bugs (https://sqlite.org/rescode.html). */
const resultCodes = { busy: 5, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

/**
 * A connection to the database of a state directory. Any number of processes may have it open; one at a time writes, in
 * transactions that take milliseconds. What is committed survives the end of the process at once, and a power failure
 * when the write-ahead log has been synced (campaign-writer.ts).
 */
export class Database implements Disposable {
  readonly path: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Use {@link openDatabase}. */
  constructor(path: string, connection: DatabaseSync) {
    this.path = path;
    this.#connection = connection;
  }

  /** Runs a statement that changes something; the number of the row that it inserted, if it did. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return this.#guard(() => Number(this.#statement(sql).run(...values).lastInsertRowid));
  }

  /** All rows of a query; the caller says what is in them. */
  all<Row>(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values) as Row[]);
  }

  /** All that `change` does, or nothing of it where it throws. Not to be nested. */
  transaction<Result>(change: () => Result): Result {
    return this.#guard(() => {
      this.#connection.exec('BEGIN IMMEDIATE');
      try {
        const result = change();
        this.#connection.exec('COMMIT');
        return result;
      } catch (error) {
        // SQLite has done that itself after some errors, a full disk among them
        if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** What the database says is in it, as SQL; without what SQLite keeps for itself. */
  schema(): string {
    const rows = this.all<{ sql: string }>(
      "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
    );
    return rows.map(({ sql }) => `${sql};\n`).join('\n');
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#connection.close();
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw asPasekaError(error, this.path);
    }
  }
}

/**
 * Opens the database at `path` (`:memory:` for one that is nowhere), making it where it is absent and bringing an older one
 * up to date. Throws PasekaError state-newer for one of a newer program, database-damaged, state-busy, disk-full.
 */
export function openDatabase(path: string): Database {
  try {
    const connection = new DatabaseSync(path, {
      enableForeignKeyConstraints: true,
      timeout: busyTimeoutMs,
    });
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      connection.exec('PRAGMA synchronous = NORMAL');
      connection.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
      connection.exec('PRAGMA journal_size_limit = 67108864');
      migrate(connection, path);
      return new Database(path, connection);
    } catch (error) {
      connection.close();
      throw error;
    }
  } catch (error) {
    throw asPasekaError(error, path);
  }
}

function migrate(connection: DatabaseSync, path: string): void {
  if (checkedVersion(connection, path) === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    // another process may have been first
    for (const migration of migrations.slice(checkedVersion(connection, path))) connection.exec(migration);
    connection.exec(`PRAGMA application_id = ${applicationId}`);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

/** The version of the database, which this program knows; 0 for an empty one. */
function checkedVersion(connection: DatabaseSync, path: string): number {
  const pragma = (name: string): number => Number(connection.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  const version = pragma('user_version');
  const isEmpty = connection.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  if (!isEmpty && pragma('application_id') !== applicationId) throw damaged(path, 'it is of another program');
  if (version <= migrations.length) return version;
  throw new PasekaError(
    'state-newer',
    `the database ${path} has the version ${version}; this program knows ${migrations.length}`,
    'use the newer program, or name another directory with --state-dir',
  );
}

function damaged(path: string, why: string, cause?: unknown): PasekaError {
  return new PasekaError(
    'database-damaged',
    `the database ${path} can't be used: ${why}`,
    'put back a copy of it, or move it away to begin with an empty one; packages and logs are not in it',
    cause,
  );
}

function full(path: string, cause: unknown): PasekaError {
  return new PasekaError(
    'disk-full',
    `no space left for ${path}`,
    'free some space (paseka gc), or use --state-dir on a larger disk',
    cause,
  );
}

/** What a user can do something about; anything else is a bug and stays what it is. */
function asPasekaError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  switch (error.errcode & 0xff) {
    case resultCodes.full:
      return full(path, error);
    case resultCodes.busy:
      return new PasekaError(
        'state-busy',
        `another process has been writing to ${path} for more than ${busyTimeoutMs / 1000} s`,
        'see which one has it open, and stop it',
        error,
      );
    case resultCodes.cannotOpen:
      return new PasekaError(
        'state-not-writable',
        `the database ${path} can't be opened: ${error.message}`,
        'name another state directory with --state-dir, or give this one to the user who runs this',
        error,
      );
    case resultCodes.ioError:
      // so it is called too where its shared memory can't grow (SQLITE_IOERR_SHMSIZE)
      return freeBytesOf(dirname(path)) < sharedMemoryBytes
        ? full(path, error)
        : damaged(path, error.message, error);
    case resultCodes.corrupt:
    case resultCodes.notADatabase:
      return damaged(path, error.message, error);
    default:
      return error;
  }
}
