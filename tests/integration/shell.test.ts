// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asOrdinaryUser } from '../support/as-ordinary-user.ts';
import { requires } from '../support/capabilities.ts';
import { type Engine, engineTests, makePlace } from '../support/engine-tests.ts';
import { makeOrdinaryUser } from '../support/ordinary-user.ts';
import { type PasekaOptions, pasekaCommand } from '../support/paseka.ts';
import { onTerminal, startTerminalSession, type TerminalSession } from '../support/terminal-session.ts';

/** Runs the program, then looks whether the terminal is as it was, and can be read. */
const outerScript = [
  'modes=$(stty -g)',
  '"$@"',
  'echo "status $?"',
  'if [ "$modes" = "$(stty -g)" ]; then echo modes as before; else echo other modes; stty sane; fi',
  'read -r line && echo "<$line>"',
].join('\n');

function inOuterScript(command: readonly string[]): readonly [string, ...string[]] {
  return onTerminal(['sh', '-c', outerScript, 'sh', ...command]);
}

function startShell(engine: Engine, words: readonly string[], options: PasekaOptions): TerminalSession {
  const { command, environment } = pasekaCommand(['shell', ...engine.from, ...words], options);
  return startTerminalSession(command, environment);
}

/** Ctrl-C ends the command, which has the terminal by the time that it speaks, and not the shell. */
async function interruptCommand(session: TerminalSession): Promise<void> {
  session.type("sh -c 'echo begun; exec sleep 600'\n");
  await session.shown(/^begun$/m);
  session.type('\x03');
  await session.shown(/[$#] $/);
  session.type('echo "interrupted: $?"\n');
  await session.shown(/^interrupted: 130\n.*[$#] $/m);
}

async function expectTerminalBack(session: TerminalSession, status: number): Promise<void> {
  await session.shown(new RegExp(String.raw`^status ${status}\nmodes as before$`, 'm'));
  session.type('read again\n');
  await session.shown(/^<read again>$/m);
  expect(await session.ended).toBe(0);
}

engineTests('shell', (engine) => {
  test('a prompt, commands in a root with the packages, Ctrl-C, jobs, and the terminal back', async () => {
    await using place = await makePlace(engine);
    await using session = startShell(engine, ['--packages', 'hive-tool'], {
      state: place.state,
      wrap: inOuterScript,
    });
    await session.shown(/^root@localhost:~# $/m);
    session.type(`hive-tool; ls -d ${place.state}; id -u\n`);
    await session.shown(/^the hive tool\n.*cannot access.*\n0\n.*# $/m);
    await interruptCommand(session);
    session.type('sleep 600 &\n');
    await session.shown(/# $/);
    session.type('jobs\n');
    await session.shown(/^\[1\]\+? +Running.*\n.*# $/m);
    session.type('exit 7\n');
    await expectTerminalBack(session, 0);
    expect(await fs.readdir(join(place.state, 'run'))).toEqual([]);
  });

  test('a shell that dies with the terminal in disorder', async () => {
    await using place = await makePlace(engine);
    await using session = startShell(engine, [], { state: place.state, wrap: inOuterScript });
    await session.shown(/# $/);
    session.type('stty raw -echo; kill -KILL $$\n');
    await session.shown(/ended by SIGKILL/);
    await expectTerminalBack(session, 1);
  });

  test('a terminal that hangs up ends it', async () => {
    await using place = await makePlace(engine);
    {
      await using session = startShell(engine, [], { state: place.state, wrap: inOuterScript });
      await session.shown(/# $/);
    }
    await expect.poll(() => fs.readdir(join(place.state, 'run')), { timeout: 20_000 }).toEqual([]);
  });

  requires('userns')('of an ordinary user', () => {
    test('the same, as the builder', async () => {
      await using user = await makeOrdinaryUser();
      const state = join(user.home, 'state');
      await using asUser = await asOrdinaryUser(user, state, inOuterScript);
      await using session = startShell(engine, ['--as', 'builder', '--base', 'minimal'], asUser);
      await session.shown(/^builder@localhost:\/build\$ $/m);
      session.type(`id -un; ls ${user.home}\n`);
      await session.shown(/^builder\n.*cannot access.*\n.*\$ $/m);
      await interruptCommand(session);
      session.type('exit\n');
      await expectTerminalBack(session, 0);
      expect(await fs.readdir(join(state, 'run'))).toEqual([]);
    });
  });
});
