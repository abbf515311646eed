// SPDX-License-Identifier: GPL-2.0-or-later
import { closeSync, globSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileSystemSpace } from '../../src/host/file-system.ts';
import { diskUsage } from '../../src/host/tree-walk.ts';
import { type Engine, engineTests } from '../support/engine-tests.ts';
import { type ErrorDocument, pasekaJson, type RunningPaseka, startPaseka } from '../support/paseka.ts';
import { readRebuildDocument, taskOf } from '../support/rebuild-document.ts';
import { runTool } from '../support/run-tool.ts';
import { type SmallSource, writeSourceTree } from '../support/small-packages.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { copyState } from '../support/test-distribution.ts';
import { openGate } from '../support/waiting-build.ts';

const megabyte = 1024 ** 2;
const roomBytes = 400 * megabyte;

/** Says `begun`, and when its gate is opened more than the rest of a page of its log holds. */
const bulky: SmallSource = {
  name: 'bulky',
  rules: `#!/usr/bin/make -f
build: debian/built
debian/built:
	mkfifo ../gate; echo begun; read word <../gate; seq 50000
	touch $@
clean:
binary: build
	mkdir -p debian/tmp/DEBIAN
	dpkg-gencontrol
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
};

/** A state directory on a small file system of its own, which can be filled. */
interface SmallDisk extends AsyncDisposable {
  readonly state: string;
  readonly scratch: string;
  source(source: SmallSource): Promise<string>;
  /** Leaves not a byte. */
  fill(): void;
  free(): void;
}

async function makeSmallDisk({ distribution }: Engine): Promise<SmallDisk> {
  await using stack = new AsyncDisposableStack();
  const temporary = stack.use(await makeTemporaryDirectory('small-disk-'));
  const disk = join(temporary.path, 'disk');
  const scratch = join(temporary.path, 'scratch');
  for (const path of [disk, scratch]) await mkdir(path);
  const bytes = (await diskUsage(distribution.preparedState)) + roomBytes;
  await runTool([
    'mount',
    '-t',
    'tmpfs',
    '-o',
    `size=${Math.ceil(bytes / megabyte)}m,nr_inodes=0`,
    'small',
    disk,
  ]);
  stack.defer(() => runTool(['umount', disk]).then(() => undefined));
  const state = join(disk, 'state');
  await copyState(distribution, state);
  expect((await fileSystemSpace(disk)).freeBytes).toBeGreaterThan(roomBytes / 2);
  const filler = join(disk, 'filler');
  const undo = stack.move();
  return {
    state,
    scratch,
    source: (source) => writeSourceTree(source, scratch),
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (let size = megabyte; size >= 1; ) {
          try {
            writeSync(file, Buffer.alloc(size));
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

engineTests('a full disk', (engine) => {
  /** Fills the disk while it builds, and lets the build go on into that until it has ended. */
  async function fillDuring(disk: SmallDisk, running: RunningPaseka): Promise<void> {
    await running.said(/^begun$/m);
    disk.fill();
    openGate(disk, running);
    const roots = `/proc/${running.pid}/root${disk.state}/run/*/roots/*/root/build/gate`;
    await expect.poll(() => globSync(roots), { timeout: 20_000 }).toEqual([]);
    await running.said(/^nothing new begins: .*(no space left|only .* are free)/m);
  }

  test('in mid-campaign: it pauses and says why, goes on when there is room or is gone on with, and nothing is lost', async () => {
    await using disk = await makeSmallDisk(engine);
    const options = ['--no-install-check', '--host-fault-backoff', '1s', '--jobs', '2', '--upper', 'tmpfs'];
    const words = ['rebuild', ...engine.from, ...options, '--verbose', 'gamma', await disk.source(bulky)];
    {
      await using running = startPaseka(words, disk);
      await running.said(/^gamma: built/m);
      await fillDuring(disk, running);
      running.kill('SIGKILL');
      await running.ended;
    }
    const [campaign] = await (async () => {
      disk.free();
      return (await pasekaJson<{ campaigns: { id: string }[] }>(['campaign', 'list'], 0, disk)).campaigns;
    })();
    expect(campaign).toMatchObject({ status: 'interrupted', tasks: 2, built: 1 });
    const resume = ['campaign', 'resume', campaign?.id ?? ''];
    disk.fill();
    expect((await pasekaJson<ErrorDocument>(resume, 3, disk)).error.code).toBe('disk-full');
    disk.free();

    await using running = startPaseka([...resume, '--verbose', '--json'], disk);
    await fillDuring(disk, running);
    disk.free();
    await running.said(/^builds begin again$/m);
    await running.said(/^begun$[^]*^begun$/m);
    openGate(disk, running);
    const { status, stdout, stderr } = await running.ended;
    expect(status, stderr).toBe(0);
    const document = readRebuildDocument(stdout);
    expect(taskOf(document, 'gamma')).toMatchObject({ outcome: 'built', attempts: 1 });
    // the attempt that the full disk ended counts for nothing; the one that was killed is as if it had never been
    expect(taskOf(document, 'bulky')).toMatchObject({ outcome: 'built', attempts: 2 });
    expect(taskOf(document, 'bulky')['verdict']).toBeUndefined();
    expect(taskOf(document, 'bulky').artifacts.length).toBeGreaterThan(0);
  });
});
