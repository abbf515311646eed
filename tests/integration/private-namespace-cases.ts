// SPDX-License-Identifier: GPL-2.0-or-later
/** What private-namespace.test.ts runs inside the private namespace. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountTmpfs } from '../../src/host/mounts.ts';
import type { PrivateNamespace } from '../../src/host/private-namespace.ts';

export function look({ depth }: { depth: number }, { invoker, inUserNamespace }: PrivateNamespace): unknown {
  const nested =
    depth === 0
      ? null
      : spawnSync(process.execPath, [...process.argv.slice(1, 4), JSON.stringify({ depth: depth - 1 })], {
          encoding: 'utf8',
        });
  return {
    pid: process.pid,
    uid: process.getuid?.(),
    invoker,
    inUserNamespace,
    mountNamespace: readlinkSync('/proc/self/ns/mnt'),
    ids: readFileSync('/proc/self/uid_map', 'utf8')
      .trim()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0),
    environment: Object.keys(process.env).filter((name) => name.startsWith('PASEKA')),
    nested: nested === null ? null : JSON.parse(nested.stdout.trim().split('\n').at(-1) ?? 'null'),
  };
}

/** Mounts something with a file in it, tells where, and waits for its end. */
export async function mountAndWait(): Promise<never> {
  const target = mkdtempSync(join(tmpdir(), 'mounted-'));
  mountTmpfs(target, { sizeBytes: 1024 * 1024, mode: 0o755 });
  writeFileSync(join(target, 'inside'), '');
  process.once('SIGTERM', () => {
    process.stdout.write('terminating\n');
    process.exit(42);
  });
  process.stdout.write(`mounted ${target}\n`);
  return await new Promise(() => setInterval(() => undefined, 60_000));
}
