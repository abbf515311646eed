// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { countSubordinateIds } from '../../src/host/namespace-facts.ts';
import { isSuccess, runProcess } from '../../src/host/process.ts';

/** A user of this machine without any privilege, with subordinate ids; removed when disposed. */
export interface OrdinaryUser extends AsyncDisposable {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** Makes one. Needs root. With `subordinateIds: false` it has none. */
export async function makeOrdinaryUser(options = { subordinateIds: true }): Promise<OrdinaryUser> {
  if (userInfo().uid !== 0) throw new Error('only root can make a user');
  await removeDeadRunsUsers();
  const name = `paseka-test-${process.pid}${options.subordinateIds ? '' : '-bare'}`;
  const without = ['--key', 'SUB_UID_COUNT=0', '--key', 'SUB_GID_COUNT=0'];
  await run([
    'useradd',
    '--create-home',
    ...['--shell', '/bin/sh'],
    ...(options.subordinateIds ? [] : without),
    name,
  ]);
  const [, , uid, gid, , home] = (await run(['getent', 'passwd', name])).trim().split(':');
  const user = { name, uid: Number(uid), gid: Number(gid), home: home ?? '/' };
  for (const [file, option] of [
    ['/etc/subuid', '--add-subuids'],
    ['/etc/subgid', '--add-subgids'],
  ] as const) {
    if (options.subordinateIds && countSubordinateIds(readFileSync(file, 'utf8'), user) < 65_536) {
      await run(['usermod', option, '2000000-2065535', name]);
    }
  }
  return {
    ...user,
    [Symbol.asyncDispose]: async () => void (await run(['userdel', '--remove', '--force', name])),
  };
}

/** Users that killed runs of tests left behind: a name tells whose it was. */
async function removeDeadRunsUsers(): Promise<void> {
  for (const [, name = '', pid] of readFileSync('/etc/passwd', 'utf8').matchAll(
    /^(paseka-test-(\d+)[^:]*):/gm,
  )) {
    if (!existsSync(`/proc/${pid}`)) await run(['userdel', '--remove', '--force', name]);
  }
}

async function run(command: readonly [string, ...string[]]): Promise<string> {
  const { end, stdout, stderr } = await runProcess({
    command,
    environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
  });
  if (!isSuccess(end)) throw new Error(`${command.join(' ')}: ${stderr}`);
  return stdout;
}
