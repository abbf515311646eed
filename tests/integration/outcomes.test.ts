// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildingWith, engineTests, makePlace } from '../support/engine-tests.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';

engineTests('outcomes of builds', (engine) => {
  test('a failing build says where and why, and its log is kept', async () => {
    await using place = await makePlace(engine);
    const failing = await place.source(
      buildingWith('failing', 'echo "bee.c:7:1: error: no honey" >&2; exit 4'),
    );
    const { document } = await rebuild([...engine.from, failing, 'gamma'], 1, place);
    const task = taskOf(document, 'failing');
    expect(task).toMatchObject({
      outcome: 'failed',
      stage: 'build',
      attempts: 1,
      artifacts: [],
      installChecks: [],
    });
    expect(task.reason).toBe('bee.c:7:1: error: no honey');
    expect(task['failure']).toMatchObject({
      class: 'compile-error',
      lines: [{ text: 'bee.c:7:1: error: no honey' }],
      fingerprint: 'compile-error: no honey',
    });
    expect(readFileSync(task.log ?? '', 'utf8')).toContain('bee.c:7:1: error: no honey\n');
    expect(taskOf(document, 'gamma').outcome, 'others go on').toBe('built');
    expect(document.totals).toMatchObject({
      tasks: 2,
      built: 1,
      clusters: [{ outcome: 'failed', class: 'compile-error', sources: ['failing'] }],
    });
  });

  test('dependencies that can’t be satisfied, fail to install, or are not on the mirror', async () => {
    await using place = await makePlace(engine);
    const sources = ['unsatisfiable', 'unknown-dependency', 'bad-dependency', 'vanished'];
    const { document } = await rebuild([...engine.from, '--retries', '2', ...sources], 1, place);
    expect(taskOf(document, 'unsatisfiable')).toMatchObject({
      outcome: 'dependencies-unsatisfiable',
      explanation: expect.stringContaining('nowhere-to-be-found'),
      attempts: 1,
    });
    expect(taskOf(document, 'unknown-dependency')).toMatchObject({
      outcome: 'dependencies-unsatisfiable',
      explanation: expect.stringContaining('hive-dada'),
      attempts: 1,
    });
    expect(taskOf(document, 'bad-dependency')).toMatchObject({
      outcome: 'failed',
      stage: 'install-dependencies',
      reason: expect.stringContaining('bad-installation'),
      attempts: 3,
    });
    expect(taskOf(document, 'vanished')).toMatchObject({
      outcome: 'file-missing',
      url: `file:${engine.distribution.directory}/pool/main/vanished_1.0.tar.xz`,
      attempts: 1,
    });
  });

  test('a result that is a link is none: what it leads to on the host is not looked at', async () => {
    await using place = await makePlace(engine);
    const rules = `#!/usr/bin/make -f
build:
clean:
binary:
	mkdir -p debian/tmp/DEBIAN
	dpkg-gencontrol
	dpkg-deb --build debian/tmp ..
	mv ../link_1.0_all.deb ../real
	ln -s real ../link_1.0_all.deb
`;
    const source = await place.source({ name: 'link', rules });
    const { document } = await rebuild([...engine.from, source], 1, place);
    expect(taskOf(document, 'link')).toMatchObject({
      outcome: 'failed',
      stage: 'collect',
      reason: 'link_1.0_all.deb is no plain file',
    });
  });

  test('a package that is none is the build’s failure, not this host’s', async () => {
    await using place = await makePlace(engine);
    const rules = `#!/usr/bin/make -f
build:
clean:
binary:
	echo rubbish > ../rubbish_1.0_all.deb
	dpkg-distaddfile rubbish_1.0_all.deb misc optional
`;
    const source = await place.source({ name: 'rubbish', rules });
    const { document } = await rebuild([...engine.from, source], 1, place);
    expect(taskOf(document, 'rubbish')).toMatchObject({
      outcome: 'failed',
      stage: 'collect',
      reason: 'rubbish_1.0_all.deb is not a binary package',
    });
  });

  test('what a build leaves running is dead, and there is no network', async () => {
    await using place = await makePlace(engine);
    const mark = `31415${process.pid}`;
    const script = `setsid sleep ${mark} </dev/null >/dev/null 2>&1 &
nohup setsid sh -c 'sleep ${mark}; true' </dev/null >/dev/null 2>&1 &
ls /sys/class/net >&2
python3 -c 1 2>/dev/null || perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die; connect(S, sockaddr_in(80, inet_aton("192.0.2.1"))) or die "connect: $!\\n"'`;
    const daemons = await place.source(buildingWith('daemons', script));
    const { document } = await rebuild([...engine.from, daemons], 1, place);
    const task = taskOf(document, 'daemons');
    expect(task).toMatchObject({ outcome: 'failed', stage: 'build' });
    expect(readFileSync(task.log ?? '', 'utf8')).toMatch(/^connect: Network is unreachable$/m);
    const commands = globSync('/proc/[0-9]*/cmdline').map((path) => readOrEmpty(path));
    expect(commands.filter((command) => command.includes(mark))).toEqual([]);
  });

  test('another attempt after a failure, each with its log', async () => {
    await using place = await makePlace(engine);
    const failing = await place.source(buildingWith('failing', 'echo here; exit 1'));
    const { document } = await rebuild([...engine.from, '--retries', '1', failing], 1, place);
    const task = taskOf(document, 'failing');
    expect(task).toMatchObject({ outcome: 'failed', attempts: 2 });
    const logs = ['failing_1.0.log', 'failing_1.0_2.log'];
    const directory = join(String(document.campaign['directory']), 'logs');
    for (const name of logs) expect(readFileSync(join(directory, name), 'utf8')).toContain('\nhere\n');
    expect(task.log).toBe(join(directory, 'failing_1.0_2.log'));
  });
});

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process is gone
  }
}
