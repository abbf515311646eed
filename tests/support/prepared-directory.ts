// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';

/** A small prepared directory with an entry of each kind that an ordinary user can make. */
export async function makePreparedDirectory(path: string): Promise<string> {
  await fs.mkdir(join(path, 'etc/below'), { recursive: true });
  await fs.mkdir(join(path, 'var/lib/empty'), { recursive: true });
  await fs.writeFile(join(path, 'etc/file'), 'the lower file\n');
  await fs.writeFile(join(path, 'etc/below/secret'), 'only root reads this\n', { mode: 0o600 });
  await fs.writeFile(join(path, 'etc/large'), Buffer.alloc(300_000, 'x'));
  await fs.writeFile(join(path, 'var/lib/lock'), '');
  await fs.link(join(path, 'etc/file'), join(path, 'etc/same-file'));
  await fs.symlink('below/secret', join(path, 'etc/link'));
  await fs.symlink('/etc', join(path, 'way-out'));
  await fs.writeFile(join(path, 'run-me'), '#!/bin/sh\n', { mode: 0o4755 });
  await fs.chmod(join(path, 'run-me'), 0o4755);
  await fs.chmod(join(path, 'var/lib/empty'), 0o000);
  await fs.chmod(path, 0o750);
  await fs.utimes(path, 1_500_000_000.25, 1_500_000_000.123_456_7);
  return path;
}
