// SPDX-License-Identifier: GPL-2.0-or-later
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { browserPath } from './browser-path.ts';
import type { Capabilities } from './capabilities.ts';

/** Vitest's global setup: finds out once per run what this machine can do. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('capabilities', await probeCapabilities());
}

async function probeCapabilities(): Promise<Capabilities> {
  return {
    root: isRoot ? null : 'not root',
    overlayfs: await overlayfs(),
    userns: await userNamespace(),
    'cgroup-memory': cgroupMemory(),
    bubblewrap: await lackOf('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']),
    chromium: await lackOf(browserPath, ['--version', '--no-sandbox']),
    mirror: await mirror(),
    dnf: await lackOf('dnf', ['--version']),
  };
}

const isRoot = process.getuid?.() === 0;

/** Mounts as the program does it: in a mount namespace of its own, for an ordinary user in a user namespace too. */
async function overlayfs(): Promise<string | null> {
  const namespaces = ['--mount', ...(isRoot ? [] : ['--user', '--map-root-user', '--map-auto'])];
  const script =
    'mount -t tmpfs none /tmp && cd /tmp && mkdir lower upper work root && ' +
    'mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work root';
  return lackOf('unshare', [...namespaces, 'sh', '-c', script]);
}

/** For root: whether an ordinary user could (nobody stands in for one). Else with all of this user's subordinate ids. */
async function userNamespace(): Promise<string | null> {
  if (!isRoot) return lackOf('unshare', ['--user', '--map-root-user', '--map-auto', 'true']);
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  return lackOf('setpriv', [...nobody, 'unshare', '--user', '--map-root-user', 'true']);
}

/** Below our own group or the root, by version 1's memory hierarchy or version 2's one. */
function cgroupMemory(): string | null {
  const groups = new Map(
    readFileSync('/proc/self/cgroup', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([, controllers = '', path = '']) => [controllers, path]),
  );
  const old = groups.get('memory');
  const reasons =
    old === undefined
      ? [groups.get('') ?? '/', '/'].map((path) => limitLack(join('/sys/fs/cgroup', path), 'memory.max'))
      : [limitLack(join('/sys/fs/cgroup/memory', old), 'memory.limit_in_bytes')];
  return reasons.includes(null) ? null : reasons.join(', ');
}

function limitLack(group: string, limit: string): string | null {
  const child = join(group, `paseka-probe-${process.pid}`);
  try {
    mkdirSync(child);
  } catch (error) {
    return (error as NodeJS.ErrnoException).message;
  }
  try {
    if (!existsSync(join(child, limit))) return `no ${limit} in a new group below ${group}`;
    writeFileSync(join(child, limit), String(64 * 1024 * 1024));
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).message;
  } finally {
    rmdirSync(child);
  }
}

/** Fetches the first release file that the host's own apt sources name, with apt's own settings. */
async function mirror(): Promise<string | null> {
  const { stdout } = await run('apt-get', ['--print-uris', 'update']);
  const uri = /^'(\S+\/InRelease)'/m.exec(stdout)?.[1];
  if (uri === undefined) return 'the host has no apt sources';
  const directory = mkdtempSync(join(tmpdir(), 'paseka-probe-'));
  try {
    return await lackOf('/usr/lib/apt/apt-helper', ['download-file', uri, join(directory, 'InRelease')]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Why the command did not succeed, in its own last words; null where it did. */
async function lackOf(file: string, args: readonly string[]): Promise<string | null> {
  const { failure, stderr } = await run(file, args);
  if (failure === null) return null;
  return `${file}: ${stderr.trim().split('\n').at(-1) || failure}`;
}

interface RunResult {
  readonly failure: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(file: string, args: readonly string[]): Promise<RunResult> {
  return new Promise((resolve) => {
    execFile(file, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ failure: error === null ? null : String(error.code ?? error.message), stdout, stderr });
    });
  });
}
