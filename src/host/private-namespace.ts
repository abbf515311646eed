// SPDX-License-Identifier: GPL-2.0-or-later
import { readlinkSync } from 'node:fs';
import { PasekaError } from '../base/paseka-error.ts';
import { type Invoker, type NamespaceFacts, readNamespaceFacts } from './namespace-facts.ts';
import { namespaceProblem, namespaceRefused } from './namespace-problem.ts';
import { isSuccess, runProcess } from './process.ts';
import { startTicks } from './process-identity.ts';
import { toolEnvironment } from './tool-environment.ts';
import { findTool } from './tools.ts';
import { isInUserNamespace } from './user-namespace.ts';

/** Where this process is once it may mount. */
export interface PrivateNamespace {
  /** Who started the program; inside it is root either way. */
  readonly invoker: Invoker;
  readonly inUserNamespace: boolean;
}

const marker = 'PASEKA_NAMESPACE';

/** Handed over in the environment by the program to itself, and checked, for children and copies have it too. */
interface Passport {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: the same across execve(2), different in every other process. */
  readonly startTicks: string;
  /** The mount namespace that was left. */
  readonly left: string;
  readonly invoker: Invoker;
}

/** Where this process is, once it is there. */
let entered: PrivateNamespace | undefined;

/**
 * Puts this process into a mount namespace of its own, so that the kernel undoes all its mounts when it dies, however it
 * dies; for an ordinary user into a user namespace too, with all subordinate ids, where it is root. Does so by
 * replacing itself, once, with the same arguments: the same pid, process group, terminal and standard streams, so
 * signals and exit status need no forwarding. Call it first thing: nothing of before survives.
 *
 * Throws PasekaError no-user-namespace, no-subordinate-ids or tool-missing.
 */
export async function enterPrivateNamespace(): Promise<PrivateNamespace> {
  if (entered !== undefined) return entered;
  const invoker = takePassport();
  if (invoker !== undefined) return (entered = { invoker, inUserNamespace: isInUserNamespace() });
  const facts = readNamespaceFacts();
  const command = await findEntrance(facts);
  const passport: Passport = { pid: process.pid, ...whereWeAre(), invoker: facts.invoker };
  const script = process.argv[1];
  if (process.execve === undefined || script === undefined) {
    throw new PasekaError(
      'tool-missing',
      'Node.js 24 is needed to replace a process',
      'run script/bootstrap',
    );
  }
  return process.execve(
    command[0],
    ['unshare', ...command.slice(1), process.execPath, ...process.execArgv, script, ...process.argv.slice(2)],
    { ...definedEnvironment(), [marker]: JSON.stringify(passport) },
  );
}

/** The command that runs its further arguments inside, tried out: after execve(2) it would be too late to explain. */
async function findEntrance(facts: NamespaceFacts): Promise<[string, ...string[]]> {
  const problem = namespaceProblem(facts);
  if (problem !== undefined) throw problem;
  const command: [string, ...string[]] = [
    findTool('unshare') ?? 'unshare',
    '--mount',
    '--propagation',
    'private',
    ...(facts.invoker.uid === 0 ? [] : ['--user', '--map-root-user', '--map-auto']),
    '--',
  ];
  const trial = await runProcess({
    command: [...command, 'true'],
    environment: toolEnvironment(),
    timeoutMs: 30_000,
  });
  if (!isSuccess(trial.end)) throw namespaceRefused(facts, trial.stderr);
  return command;
}

/** The invoker, where this very process came through {@link enterPrivateNamespace}; the marker is taken away. */
function takePassport(): Invoker | undefined {
  const text = process.env[marker];
  delete process.env[marker];
  if (text === undefined) return undefined;
  let passport: Partial<Passport>;
  try {
    passport = JSON.parse(text) as Partial<Passport>;
  } catch {
    return undefined; // somebody else's variable
  }
  const here = whereWeAre();
  const isOurs =
    passport.pid === process.pid && passport.startTicks === here.startTicks && passport.left !== here.left;
  return isOurs ? passport.invoker : undefined;
}

function whereWeAre(): { startTicks: string; left: string } {
  return { startTicks: startTicks(), left: readlinkSync('/proc/self/ns/mnt') };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
