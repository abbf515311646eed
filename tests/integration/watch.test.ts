// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { paseka, pasekaCommand, pasekaJson, type RunningPaseka, startPaseka } from '../support/paseka.ts';
import { onTerminal, startTerminalSession, type TerminalSession } from '../support/terminal-session.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

/** `paseka campaign watch` on a terminal that draws. */
function watch(place: Place, ...words: readonly string[]): TerminalSession {
  const { command, environment } = pasekaCommand(['campaign', 'watch', ...words], {
    state: place.state,
    wrap: onTerminal,
  });
  return startTerminalSession(command, { ...environment, TERM: 'xterm' });
}

engineTests('campaign watch', (engine) => {
  async function begin(place: Place): Promise<RunningPaseka> {
    const words = [
      'rebuild',
      ...engine.from,
      '--verbose',
      '--jobs',
      '1',
      'gamma',
      await place.source(waiting),
    ];
    const running = startPaseka(words, place);
    await running.said(/^begun$/m);
    return running;
  }

  test('from another terminal: what was, what goes on, and the end', async () => {
    await using place = await makePlace(engine);
    await using running = await begin(place);
    await using session = watch(place);
    await session.shown(/waiting/);
    openGate(place, running);
    await session.shown(/waiting: failed.*error: opened/);
    await session.shown(/gamma: built/);
    await session.shown(/^\S+ ended$/m);
    expect(await session.ended).toBe(1);
    expect((await running.ended).status).toBe(1);
  });

  test('Ctrl-C ends the watching and not the campaign, whose SIGKILL is seen', async () => {
    await using place = await makePlace(engine);
    await using running = await begin(place);
    {
      await using session = watch(place);
      await session.shown(/waiting/);
      session.type('\x03');
      await session.shown(/^\S+ goes on$/m);
      expect(await session.ended).toBe(0);
    }
    await using session = watch(place);
    await session.shown(/waiting/);
    running.kill('SIGKILL');
    await running.ended;
    await session.shown(/^\S+ interrupted$/m);
    expect(await session.ended).toBe(1);
    const later = await paseka(['campaign', 'watch'], place);
    expect(later).toMatchObject({ status: 1, stdout: expect.stringMatching(/^\S+ interrupted$/m) });
    // The next start gives back what the killed one had.
    await pasekaJson(['gc'], 0, place);
  });
});
