// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { type Behaviour, testSandboxContract } from '../../tests/contract/sandbox-contract.ts';
import { type FakeCommand, FakeSandbox } from './fake-sandbox.ts';

describe('the contract', () => {
  const behaviours = new Map<string, Behaviour>();
  const sandbox = new FakeSandbox((command) => behave(command, behaviours.get(command.request.command[0])));
  testSandboxContract(() => ({
    sandbox,
    request(behaviour) {
      const name = `command-${behaviours.size}`;
      behaviours.set(name, behaviour);
      return { root: '/', command: [name], binds: [] };
    },
  }));
});

test('a test takes the commands in their order, and finishes them as it likes', async () => {
  const sandbox = new FakeSandbox();
  const first = sandbox.run(request('a'));
  const taken = await sandbox.started();
  const next = sandbox.started();
  const second = sandbox.run(request('b'));
  expect(taken.request.command).toEqual(['a']);
  expect((await next).request.command).toEqual(['b']);
  (await next).finish({ kind: 'out-of-memory', limitBytes: 5 }, { peakMemoryBytes: 5, cpuMs: 7 });
  expect(await second).toMatchObject({ end: { kind: 'out-of-memory' }, peakMemoryBytes: 5, cpuMs: 7 });
  taken.finish(2);
  expect((await first).end).toEqual({ kind: 'exited', exitCode: 2 });
  expect(sandbox.commands).toHaveLength(2);
});

function request(name: string): Parameters<FakeSandbox['run']>[0] {
  return {
    root: '/',
    command: [name],
    identity: 'builder',
    environment: {},
    workingDirectory: '/',
    binds: [],
    limits: {},
    output: { kind: 'stream', onOutput: () => undefined },
  };
}

function behave(command: FakeCommand, behaviour: Behaviour | undefined): void {
  for (const [stream, text] of behaviour?.says ?? []) command.write(text, stream);
  const after = behaviour?.after ?? 'hang';
  if (after === 'hang') return;
  if (after === 'talk') {
    const timer = setInterval(() => command.write('word\n'), 5);
    void command.ended.then(() => clearInterval(timer));
    return;
  }
  command.finish('exit' in after ? after.exit : { kind: 'signalled', signal: after.signal });
}
