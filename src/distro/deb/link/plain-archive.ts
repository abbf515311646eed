// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { appendBytes, appendContent, fileSize, makeTemporaryDirectory } from '../../../host/files.ts';
import { atPriority, type Priority } from '../../../host/priority.ts';
import { isSuccess, runProcess } from '../../../host/process.ts';
import { toolEnvironment } from '../../../host/tool-environment.ts';

/**
 * Writes a package again with nothing in it compressed, to `target` (absent): for packages that dpkg itself has to unpack
 * into every layer, where decompressing takes longer than all the rest. Member by member it is the same package. False
 * where dpkg-deb can't, or was cancelled.
 */
export async function writePlainArchive(
  archive: string,
  target: string,
  priority: Priority,
  signal?: AbortSignal,
): Promise<boolean> {
  await using scratch = await makeTemporaryDirectory(join(target, '..'), 'plain-');
  const result = await runProcess({
    command: atPriority(priority, ['/bin/sh', '-c', script, 'plain', archive, scratch.path]),
    environment: toolEnvironment(),
    contained: true,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!isSuccess(result.end)) return false;
  await appendBytes(target, Buffer.from(`!<arch>\n${arHeader('debian-binary', 4)}2.0\n`, 'latin1'));
  for (const name of ['control.tar', 'data.tar']) {
    const member = join(scratch.path, name);
    // tar's records are of an even length, so that no member needs padding
    await appendBytes(target, Buffer.from(arHeader(name, await fileSize(member)), 'latin1'));
    await appendContent(target, member);
  }
  return true;
}

const script =
  'dpkg-deb --ctrl-tarfile "$1" > "$2/control.tar" && dpkg-deb --fsys-tarfile "$1" > "$2/data.tar"';

/** The header of a member (ar(5)): name, time, owner, group, mode, size, each padded with blanks. */
export function arHeader(name: string, bytes: number): string {
  const fields: readonly (readonly [value: string, width: number])[] = [
    [name, 16],
    ['0', 12],
    ['0', 6],
    ['0', 6],
    ['100644', 8],
    [String(bytes), 10],
  ];
  return `${fields.map(([value, width]) => value.padEnd(width)).join('')}\`\n`;
}
