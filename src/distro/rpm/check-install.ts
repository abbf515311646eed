// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { removeTree } from '../../host/files.ts';
import { entryInside } from '../../host/path-inside.ts';
import type { InstallCheckResult, LocalPackage } from '../distribution.ts';
import type { CommandResult, Root } from '../root.ts';
import { eraseCommand, installCommand, packageMount } from './install-by-rpm.ts';
import { listedAs, listScript, nameOf, parseParts } from './installed-list.ts';
import { isUnmet, scriptletFailures, transactionFailure } from './rpm-messages.ts';
import { findUnownedPaths } from './unowned-paths.ts';

/**
 * $1 the file, $2 the package's name, the rest the command that installs. What rpm and the package's scripts say goes to standard
 * error, and so to the log. One script, because starting a process in a root takes longer than most of these commands.
 */
const installScript = `
file=$1 name=$2; shift 2
echo '[before]'; ${listScript}
"$@" "$file" >&2
status=$?; echo '[status]'; echo $status
echo '[after]'; ${listScript}
echo '[files]'; rpm --query --list "$name"
echo '[verified]'; rpm --verify --nodeps "$name"
exit 0`;

/** The command that takes a package out, which is its last word. */
const eraseScript = `
"$@" >&2
status=$?; echo '[status]'; echo $status
echo '[rest]'; for name; do :; done; rpm --query --qf '%{NAME}\\n' "$name"
exit 0`;

/**
 * The rules of a farm that gates packages (ALT's girar): over a root with its dependencies the package installs and is the
 * only new one, and none of its scripts fails; then its removal succeeds. Files that no package owns and dependency cycles are
 * warnings, and so are two things that girar does not look at: files that are not as the package says, and what the
 * removal leaves.
 */
export async function checkInstall(root: Root, file: LocalPackage): Promise<InstallCheckResult> {
  const warnings: string[] = [];
  const failed = (step: 'install' | 'verify' | 'remove', reason: string): InstallCheckResult => ({
    kind: 'failed',
    step,
    reason,
    warnings,
  });
  const pathsBefore = new Set(await root.addedPaths());
  const target = join(packageMount, file.fileName);
  const installed = await ask(root, installScript, [target, file.name, ...installCommand], file);
  await removeTree(await entryInside(root.directory, target));
  if (installed.end.kind !== 'exited') return { kind: 'interrupted', end: installed.end };
  const answer = parseParts(installed.output);
  if (answer.get('status')?.[0] !== '0') return failed('install', transactionFailure(installed.tail));
  if (scriptletFailures(installed.tail).length > 0) {
    return failed('install', transactionFailure(installed.tail));
  }
  const before = new Set(answer.get('before'));
  const after = new Set(answer.get('after'));
  const problem = verify(file, before, after);
  if (problem !== undefined) return failed('verify', problem);
  const changed = changedFiles(answer.get('verified') ?? []);
  if (changed.length > 0) warnings.push(`not as it says (rpm --verify): ${some(changed)}`);
  // nearly always all that is new is the checked package's, whose list is at hand
  const own = new Set(answer.get('files'));
  const others = (await newPaths(root, pathsBefore)).filter(
    (path) => !isRegistryPath(path) && !own.has(path),
  );
  const unowned = await findUnownedPaths(root, others);
  if (unowned.kind === 'interrupted') return unowned;
  if (unowned.paths.length > 0) warnings.push(`owned by no package: ${some(unowned.paths)}`);
  if ([...before].some((line) => nameOf(line) === file.name)) {
    warnings.push('it is part of the minimal system: its removal was not tried');
    return { kind: 'passed', warnings };
  }

  let erased = await ask(root, eraseScript, [...eraseCommand, file.name]);
  // all that is there besides are the base and its dependencies: who needs it is in a circle with it
  if (erased.end.kind === 'exited' && isUnmet(erased.tail)) {
    warnings.push(`circular dependency: ${transactionFailure(erased.tail).split('\n').slice(1).join('; ')}`);
    erased = await ask(root, eraseScript, [...eraseCommand, '--nodeps', file.name]);
  }
  if (erased.end.kind !== 'exited') return { kind: 'interrupted', end: erased.end };
  const rest = parseParts(erased.output);
  if (rest.get('status')?.[0] !== '0' || scriptletFailures(erased.tail).length > 0) {
    return failed('remove', transactionFailure(erased.tail));
  }
  if (rest.get('rest')?.includes(file.name) === true)
    return failed('remove', 'rpm still has it as installed');
  const left = (await newPaths(root, pathsBefore)).filter((path) => !isRegistryPath(path));
  if (left.length > 0) warnings.push(`left behind after the removal: ${some(left)}`);
  return { kind: 'passed', warnings };
}

function ask(
  root: Root,
  script: string,
  words: readonly string[],
  file?: LocalPackage,
): Promise<CommandResult> {
  return root.run({
    command: ['/bin/sh', '-c', script, 'check', ...words],
    identity: 'root',
    binds: file === undefined ? [] : [{ source: file.path, target: join(packageMount, file.fileName) }],
    output: 'capture',
    limited: true,
    skipsSleep: true,
  });
}

function verify(
  file: LocalPackage,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): string | undefined {
  const own = listedAs(file);
  const fresh = [...after].filter((line) => !before.has(line));
  const gone = [...before].filter((line) => !after.has(line) && nameOf(line) !== file.name);
  if (gone.length > 0) return `its installation removed ${gone.map(nameOf).join(', ')}`;
  const others = fresh.filter((line) => line !== own);
  if (others.length > 0) return `besides it, ${others.join(', ')} became installed`;
  if (!after.has(own)) return `after its installation, ${own} is not among the installed packages`;
  return undefined;
}

/** What `rpm --verify` says of files that are neither configuration nor ghosts. */
function changedFiles(lines: readonly string[]): string[] {
  return lines.filter((line) => /^(missing|[.SM5DLUGTP?]{8,9})\s+\//.test(line)).map(oneLine);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** rpm's database, at any of its usual places, and files that everybody's installation changes. */
function isRegistryPath(path: string): boolean {
  return (
    /^\/(var|usr)\/lib\/(sysimage\/)?rpm(\/|$)/.test(path) ||
    /^\/etc\/ld\.so\.cache|^\/var\/cache\/ldconfig|^\/(tmp|run|mnt)(\/|$)/.test(path) ||
    /^\/etc\/(\.pwd\.lock|(passwd|group|g?shadow|sub[ug]id)-?)$/.test(path)
  );
}

async function newPaths(root: Root, before: ReadonlySet<string>): Promise<string[]> {
  return (await root.addedPaths()).filter((path) => !before.has(path));
}

function some(words: readonly string[]): string {
  const shown = words.slice(0, 5).join(', ');
  return words.length > 5 ? `${shown} and ${words.length - 5} more` : shown;
}
