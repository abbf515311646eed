// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { distributionFor, hostDistribution } from '../distro/distributions.ts';
import type { FrozenRelease } from '../distro/repository.ts';
import { enterPrivateNamespace } from '../host/private-namespace.ts';
import { renderTable } from '../report/table.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { exitStatus } from './exit-status.ts';
import { snapshotWish } from './open-snapshot.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  type RepositoryOptions,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openState } from './workspace.ts';

export type SnapshotVerb =
  | { readonly verb: 'create'; readonly options: CommonOptions & RepositoryOptions }
  | { readonly verb: 'list'; readonly options: CommonOptions }
  | { readonly verb: 'show' | 'remove'; readonly id: string; readonly options: CommonOptions };

/** `paseka snapshot create|list|show|remove`; `run` is given what was asked for. */
export function snapshotCommand(run: (verb: SnapshotVerb) => Promise<void>): Command {
  const command = new Command('snapshot').description('frozen states of repositories');
  const sub = (name: string, description: string): Command =>
    addCommonOptions(command.command(name).description(description));
  addRepositoryOptions(sub('create', 'freeze repositories as they are now')).action(
    (options: CommonOptions & RepositoryOptions) => run({ verb: 'create', options }),
  );
  sub('list', 'all snapshots, newest first').action((options: CommonOptions) =>
    run({ verb: 'list', options }),
  );
  sub('show', 'what a snapshot is made of')
    .argument('<ID>', 'its id, or the beginning of it')
    .action((id: string, options: CommonOptions) => run({ verb: 'show', id, options }));
  sub('remove', 'remove a snapshot; its packages stay until gc')
    .argument('<ID>', 'its id, or the beginning of it')
    .action((id: string, options: CommonOptions) => run({ verb: 'remove', id, options }));
  return command;
}

/** Runs one of them; the exit status. */
export async function runSnapshot(asked: SnapshotVerb): Promise<number> {
  const output = makeOutput(asked.options);
  // As root of the private namespace, because that is who owns everything in the state directory.
  const namespace = await enterPrivateNamespace();
  const state = await openState(asked.options, namespace);
  const distribution = asked.verb === 'create' ? await distributionFor(asked.options) : hostDistribution;
  const snapshots = new SnapshotStore(state, distribution);
  switch (asked.verb) {
    case 'create': {
      using signals = catchStopSignals({ graceMs: 0, say: output.progress });
      const wish = await snapshotWish(asked.options, distribution);
      await using made = await snapshots.create(wish, { signal: signals.stop, onProgress: output.progress });
      const { snapshot, isNew } = made;
      output.result({ snapshot: { ...snapshot, isNew } }, () => {
        const note = isNew
          ? ''
          : output.style.dim('the mirror has not moved on: this snapshot was here already\n');
        return `${note}${describe(snapshot, output)}`;
      });
      break;
    }
    case 'list': {
      const all = await snapshots.list();
      output.result({ snapshots: all }, () => listText(all, output));
      break;
    }
    case 'show': {
      const snapshot = await snapshots.show(asked.id);
      output.result({ snapshot }, () => describe(snapshot, output));
      break;
    }
    case 'remove': {
      const id = await snapshots.remove(asked.id);
      output.result({ removed: id }, () => `removed ${id.slice(0, 12)}\n`);
      break;
    }
  }
  return exitStatus.passed;
}

function listText(all: readonly Snapshot[], output: Output): string {
  if (all.length === 0) return 'no snapshots yet; paseka snapshot create makes one\n';
  const rows = all.map((snapshot) => [
    snapshot.id.slice(0, 12),
    snapshot.suite,
    snapshot.architecture,
    snapshot.createdAt.slice(0, 16).replace('T', ' '),
    snapshot.releases.map((release) => release.suite).join(' '),
  ]);
  const header = ['id', 'suite', 'architecture', 'frozen at', 'repositories'].map(output.style.dim);
  return `${renderTable(header, rows)}\n`;
}

function describe(snapshot: Snapshot, output: Output): string {
  const { style } = output;
  const lines = [
    style.bold(snapshot.id),
    `${snapshot.suite}, ${snapshot.architecture}, frozen at ${snapshot.createdAt}`,
  ];
  for (const release of snapshot.releases) {
    const place = [release.uri, release.suite, ...release.components].join(' ');
    const facts = [release.date, trustOf(release, output)].filter((fact) => fact !== '');
    lines.push(`  ${place} (${facts.join(', ')})`);
  }
  return `${lines.join('\n')}\n`;
}

function trustOf({ signed, signedPackages }: FrozenRelease, { style }: Output): string {
  if (signed) return style.good(signedPackages === true ? 'signed, with its packages' : 'signed');
  return signedPackages === true
    ? style.good('its packages are signed')
    : style.warn('unsigned, declared trusted');
}
