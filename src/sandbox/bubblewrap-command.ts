// SPDX-License-Identifier: GPL-2.0-or-later
import { builderId, type Identity } from '../distro/root.ts';
import { atPriority } from '../host/priority.ts';
import { identityChangeCapabilities, installationCapabilities } from './capabilities.ts';
import { environmentOf } from './environment.ts';
import { maskedProcPaths, readOnlyProcPaths, visibleSysPaths } from './masked-paths.ts';
import type { SandboxRequest } from './sandbox.ts';

/** What stands at a path of the host, links followed. */
export type PathKindOf = (path: string) => 'file' | 'directory' | undefined;

/** Which descriptors the launcher gives (process-stdio.ts). */
export interface LaunchDescriptors {
  /** The conversation at the start: the sandbox says `ready`, and begins when it is answered. */
  readonly channel: number;
  /** Each is written `0` into by the first process inside, which so enters a cgroup. */
  readonly entries: readonly number[];
  /** A seccomp program. */
  readonly seccomp?: number;
}

/** The host's paths that the mounts depend on; looked up once, they don't change while the program runs. */
export interface HostPaths {
  readonly maskedFiles: readonly string[];
  readonly maskedDirectories: readonly string[];
  readonly readOnly: readonly string[];
  readonly sys: readonly string[];
}

/** Those of the paths to hide or show that this host has. */
export function findHostPaths(kindOf: PathKindOf): HostPaths {
  return {
    maskedFiles: maskedProcPaths.filter((path) => kindOf(path) === 'file'),
    maskedDirectories: maskedProcPaths.filter((path) => kindOf(path) === 'directory'),
    readOnly: readOnlyProcPaths.filter((path) => kindOf(path) !== undefined),
    sys: visibleSysPaths.filter((path) => kindOf(path) === 'directory'),
  };
}

/**
 * The whole command line, for bubblewrap 0.8 and later. Pure. The environment inside is exactly environmentOf() and PWD, which
 * bubblewrap sets. The host name is `localhost`: it resolves wherever /etc/hosts has the usual line.
 */
export function bubblewrapCommand(
  request: SandboxRequest,
  host: HostPaths,
  descriptors: LaunchDescriptors,
): readonly [string, ...string[]] {
  const environment = Object.entries(environmentOf(request.identity, request.environment));
  const options: readonly (readonly string[])[] = [
    ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net', '--unshare-cgroup-try'],
    ['--die-with-parent'],
    request.output.kind === 'terminal' ? [] : ['--new-session'],
    descriptors.seccomp === undefined ? [] : ['--seccomp', String(descriptors.seccomp)],
    ['--hostname', 'localhost'],
    ['--clearenv', ...environment.flatMap(([name, value]) => ['--setenv', name, value])],
    ['--cap-drop', 'ALL', ...capabilitiesOf[request.identity].flatMap((name) => ['--cap-add', name])],
    ['--bind', request.root, '/'],
    ['--dev', '/dev', ...sharedMemory(request.limits.memoryBytes)],
    ['--proc', '/proc', ...maskOf(host)],
    smallSys(host),
    request.binds.flatMap((bind) => [
      bind.writable === true ? '--bind' : '--ro-bind',
      bind.source,
      bind.target,
    ]),
    ['--chdir', request.workingDirectory],
  ];
  const entry = ['/bin/sh', '-c', entryScript(descriptors), 'sh'];
  const identity = request.identity === 'builder' ? becomeBuilder : [];
  const command = [...options.flat(), '--', ...entry, ...identity, ...request.command];
  return atPriority(request.priority ?? 'usual', ['bwrap', ...command]);
}

/** Exit status of {@link entryScript} where it could not enter a cgroup, or nobody answered. */
export const entryFailed = 125;

const capabilitiesOf: Readonly<Record<Identity, readonly string[]>> = {
  root: installationCapabilities,
  builder: identityChangeCapabilities,
};

/** util-linux; bubblewrap can change the user only together with a user namespace, where only one user is mapped. */
const becomeBuilder: readonly string[] = [
  '/usr/bin/setpriv',
  `--reuid=${builderId}`,
  `--regid=${builderId}`,
  '--clear-groups',
  '--bounding-set=-all',
  '--inh-caps=-all',
  '--ambient-caps=-all',
  '--no-new-privs',
  '--',
];

/** /dev/shm, bounded by the memory limit where there is one, else by half of the memory, the kernel's own bound. */
function sharedMemory(memoryBytes: number | undefined): readonly string[] {
  const size = memoryBytes === undefined ? [] : ['--size', String(memoryBytes)];
  return ['--perms', '1777', ...size, '--tmpfs', '/dev/shm'];
}

function maskOf(host: HostPaths): readonly string[] {
  return [
    ...host.readOnly.flatMap((path) => ['--ro-bind', path, path]),
    ...host.maskedFiles.flatMap((path) => ['--dev-bind', '/dev/null', path]),
    ...host.maskedDirectories.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
  ];
}

function smallSys(host: HostPaths): readonly string[] {
  const parents = new Set(host.sys.map((path) => path.slice(0, path.lastIndexOf('/'))));
  const directories = [...parents].flatMap((path) => ['--perms', '0755', '--dir', path]);
  const shown = host.sys.flatMap((path) => ['--ro-bind', path, path]);
  return ['--tmpfs', '/sys', ...directories, ...shown, '--remount-ro', '/sys'];
}

/**
 * What runs first inside, without a word of the user's in it. It enters the cgroups; then it says `ready` and waits for an
 * answer. When the launcher has died meanwhile, there is no answer but an end of file, and nothing is run: bubblewrap
 * ties its processes to their parent only after all mounts are made. Then the same limits and mask for every
 * build, whatever this program was started with (systemd's default for open files).
 */
function entryScript(descriptors: LaunchDescriptors): string {
  const channel = descriptors.channel;
  return [
    ...descriptors.entries.map((fd) => `echo 0 >&${fd} || exit ${entryFailed}; exec ${fd}>&-`),
    'umask 022; ulimit -S -n 1024 2>/dev/null; ulimit -c 0',
    `echo ready >&${channel}; read -r paseka_answer <&${channel} || exit ${entryFailed}; exec ${channel}>&-`,
    'unset paseka_answer; exec "$@"',
  ].join('; ');
}
