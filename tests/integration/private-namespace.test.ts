// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { runInside, startInside } from '../support/run-inside.ts';

const file = 'tests/integration/private-namespace-cases.ts';

interface Seen {
  readonly pid: number;
  readonly uid: number;
  readonly invoker: { readonly name: string; readonly uid: number };
  readonly inUserNamespace: boolean;
  readonly mountNamespace: string;
  readonly ids: number;
  readonly environment: readonly string[];
  readonly nested: Seen | null;
}

requires('overlayfs')('the private namespace', () => {
  test('it is root in mounts of its own, and a child of it enters another one', async () => {
    const seen = await runInside<Seen>({ file, name: 'look', input: { depth: 1 } });
    const { username, uid } = userInfo();
    expect(seen).toMatchObject({ uid: 0, invoker: { name: username, uid }, environment: [] });
    expect(seen.nested).toMatchObject({ uid: 0, environment: [], inUserNamespace: seen.inUserNamespace });
    const namespaces = [readlinkSync('/proc/self/ns/mnt'), seen.mountNamespace, seen.nested?.mountNamespace];
    expect(new Set(namespaces).size).toBe(3);
  });

  test('it is the same process: a signal reaches it, its status comes back, and its mounts go with it', async () => {
    const mounted = Promise.withResolvers<string>();
    await using inside = startInside({
      file,
      name: 'mountAndWait',
      onOutput: (text) => {
        const target = /mounted (.*)/.exec(text)?.[1];
        if (target !== undefined) mounted.resolve(target);
      },
    });
    const target = await mounted.promise;
    expect(readdirSync(target)).toEqual([]);
    process.kill(inside.pid ?? 0, 'SIGTERM');
    const { end, stdout } = await inside.ended;
    expect(end).toEqual({ kind: 'exited', exitCode: 42 });
    expect(stdout).toContain('terminating');
    rmSync(target, { recursive: true });
  });
});

requires(
  'overlayfs',
  'root',
  'userns',
)('the private namespace of an ordinary user', () => {
  let user: OrdinaryUser | undefined;
  let bare: OrdinaryUser | undefined;
  beforeAll(async () => {
    user = await makeOrdinaryUser();
    bare = await makeOrdinaryUser({ subordinateIds: false });
  });
  afterAll(async () => {
    await user?.[Symbol.asyncDispose]();
    await bare?.[Symbol.asyncDispose]();
  });

  test('it is root of all its ids, and knows who it was', async () => {
    const seen = await runInside<Seen>({ file, name: 'look', input: { depth: 1 }, user });
    expect(seen).toMatchObject({
      uid: 0,
      inUserNamespace: true,
      invoker: { name: user?.name, uid: user?.uid },
      environment: [],
      nested: { uid: 0, inUserNamespace: true, environment: [] },
    });
    expect(seen.ids).toBeGreaterThanOrEqual(65_536);
    expect(seen.nested?.mountNamespace).not.toBe(seen.mountNamespace);
  });

  test('a user without subordinate ids is told the command that gives some', async () => {
    await expect(runInside({ file, name: 'look', input: { depth: 0 }, user: bare })).rejects.toThrow(
      /no subordinate ids[^]*no-subordinate-ids[^]*usermod --add-subuids \S+ --add-subgids/,
    );
  });
});
