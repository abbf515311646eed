// SPDX-License-Identifier: GPL-2.0-or-later
import { join, posix } from 'node:path';
import type { LinkTree } from '../../../host/link-tree.ts';
import { FilePlan, type RootView } from './file-plan.ts';
import { immediatePackages } from './immediate-packages.ts';
import { isInertPreinst } from './inert-script.ts';
import { type InstallRound, planRounds } from './install-rounds.ts';
import { makesUsers } from './installed-at-once.ts';
import { parseConffiles, pathList, statusStanza } from './status-stanza.ts';
import {
  formatInterest,
  type Interest,
  PathTriggers,
  parseTriggers,
  type TriggerDatabase,
  type TriggerDirectives,
} from './trigger-database.ts';
import { databaseName, type UnpackedPackage, unpackedLayout } from './unpacked-package.ts';

/** dpkg's database in a root before anything is linked. */
export interface DpkgDatabase {
  /** The text of `status`. */
  readonly status: string;
  /** Names of all packages that it says anything of, also those that are gone. */
  readonly known: ReadonlySet<string>;
  readonly triggers: TriggerDatabase;
  /** Diverted paths, what they are diverted to, and paths with an owner or mode of the administrator's. */
  readonly reserved: ReadonlySet<string>;
}

/** How a set of packages comes into a root: files linked, dpkg's database as after unpacking, and the rest by dpkg. */
export interface LinkPlan {
  readonly tree: LinkTree;
  /** Files of dpkg's database, written anew; their directories are in the tree. */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly rounds: readonly InstallRound[];
  /** Directories that the root has with other attributes than a package of the set: they stay as they are. */
  readonly keptDirectories: readonly string[];
  /** Packages that dpkg unpacks, and why. */
  readonly byDpkg: readonly { readonly name: string; readonly because: string }[];
}

const database = '/var/lib/dpkg';

/** Plans it; undefined where the set can't be installed this way at all. A pure function of what it is shown. */
export function planLinks(
  view: RootView,
  there: DpkgDatabase,
  packages: readonly UnpackedPackage[],
): LinkPlan | undefined {
  const files = new FilePlan(view, there.reserved);
  const linked: LinkedPackage[] = [];
  const byDpkg: { unpacked: UnpackedPackage; because: string }[] = [];
  for (const unpacked of packages) {
    const directives = parseTriggers(unpacked.triggers);
    const conffiles = parseConffiles(unpacked.conffiles);
    const because = reasonForDpkg(unpacked, there);
    if (because !== undefined) byDpkg.push({ unpacked, because });
    else if (directives === undefined) byDpkg.push({ unpacked, because: 'unknown triggers' });
    else if (conffiles === undefined) byDpkg.push({ unpacked, because: 'configuration files with flags' });
    else {
      const obstacle = files.add({
        data: join(unpacked.directory, unpackedLayout.data),
        entries: unpacked.manifest.entries,
        conffiles: new Set(conffiles),
      });
      if (obstacle === undefined) linked.push({ unpacked, directives, conffiles });
      else byDpkg.push({ unpacked, because: `${obstacle} is there already` });
    }
  }
  const { contested, kept } = files.disputes(packages.map(({ manifest }) => manifest.entries));
  // the order in which apt has them unpacked decides
  if (contested.length > 0) return undefined;
  const order = packages.some(makesUsers) ? 'as apt' : 'any';
  const immediate =
    order === 'any'
      ? new Set()
      : immediatePackages(
          there.status,
          packages.map(({ control }) => control),
        );
  const rounds = planRounds(
    linked.flatMap((one) => (stateOf(one, order) === 'installed' ? [] : [one.unpacked])),
    byDpkg.map((one) => one.unpacked),
    order === 'as apt',
    ({ name }) => immediate.has(name),
  );
  if (rounds === undefined) return undefined;
  for (const { unpacked } of linked) linkControlFiles(files, unpacked);
  const texts = linked.length === 0 ? [] : databaseTexts(there, linked, order);
  for (const { path } of texts) files.cover(posix.dirname(path));
  return {
    tree: { directories: files.directories, links: files.links },
    texts,
    rounds,
    keptDirectories: kept,
    byDpkg: byDpkg.map(({ unpacked, because }) => ({ name: unpacked.name, because })),
  };
}

interface LinkedPackage {
  readonly unpacked: UnpackedPackage;
  readonly directives: TriggerDirectives;
  readonly conffiles: readonly string[];
}

function reasonForDpkg(unpacked: UnpackedPackage, there: DpkgDatabase): string | undefined {
  if (there.known.has(unpacked.name)) return 'dpkg knows another version of it';
  if (!isInertPreinst(unpacked.preinst)) return 'its preinst has to run';
  return undefined;
}

/** With nothing to run there is nothing to wait for, and dpkg takes its time over each package that it configures. */
function stateOf({ unpacked, conffiles }: LinkedPackage, order: 'as apt' | 'any'): 'unpacked' | 'installed' {
  return order === 'any' && unpacked.postinst === '' && conffiles.length === 0 ? 'installed' : 'unpacked';
}

function linkControlFiles(files: FilePlan, unpacked: UnpackedPackage): void {
  for (const member of unpacked.manifest.members) {
    files.addLink(
      `${database}/info/${databaseName(unpacked)}.${member}`,
      join(unpacked.directory, unpackedLayout.control, member),
    );
  }
}

function databaseTexts(
  there: DpkgDatabase,
  linked: readonly LinkedPackage[],
  order: 'as apt' | 'any',
): { path: string; text: string }[] {
  const texts = linked.map(({ unpacked }) => ({
    path: `${database}/info/${databaseName(unpacked)}.list`,
    text: pathList(unpacked),
  }));
  const stanzas = linked.map((one) => statusStanza(one.unpacked, one.conffiles, stateOf(one, order)));
  texts.push({ path: `${database}/status`, text: `${[there.status.trimEnd(), ...stanzas].join('\n\n')}\n` });
  return [...texts, ...triggerTexts(there.triggers, linked)];
}

/** The interests of all, and what the new packages set off: their paths, and what they name. */
function triggerTexts(
  there: TriggerDatabase,
  linked: readonly LinkedPackage[],
): { path: string; text: string }[] {
  const files = [...there.files];
  const named = new Map<string, Interest[]>();
  for (const { unpacked, directives } of linked) {
    for (const { trigger, noAwait } of directives.interests) {
      const interest = { trigger, package: databaseName(unpacked), noAwait };
      if (trigger.startsWith('/')) files.push(interest);
      else named.set(trigger, [...(named.get(trigger) ?? there.named.get(trigger) ?? []), interest]);
    }
  }
  const known = (trigger: string): boolean => named.has(trigger) || there.named.has(trigger);
  const setOff = new Set<string>();
  const paths = new PathTriggers(files);
  for (const { unpacked, directives } of linked) {
    for (const trigger of directives.activates) {
      if (trigger.startsWith('/') ? [...paths.setOffBy(trigger)].length > 0 : known(trigger))
        setOff.add(trigger);
    }
    for (const { path } of unpacked.manifest.entries) {
      for (const trigger of paths.setOffBy(path)) setOff.add(trigger);
    }
  }
  const lines = (interests: readonly Interest[]): string =>
    interests.map((one) => `${formatInterest(one)}\n`).join('');
  const texts = [...named].map(([name, interests]) => ({
    path: `${database}/triggers/${name}`,
    text: lines(interests),
  }));
  if (files.length > there.files.length)
    texts.push({ path: `${database}/triggers/File`, text: lines(files) });
  // nobody waits: in the end all of them have been processed, and that is all that a finished layer shows
  const unincorporated = [...setOff].sort().map((trigger) => `${trigger} -\n`);
  if (unincorporated.length > 0) {
    texts.push({ path: `${database}/triggers/Unincorp`, text: unincorporated.join('') });
  }
  return texts;
}
