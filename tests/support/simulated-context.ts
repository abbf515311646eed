// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/base/digest.ts';
import type { CampaignContext } from '../../src/campaign/campaign-context.ts';
import type { RebuildOptions } from '../../src/campaign/rebuild-options.ts';
import type { BuildResult, Distribution } from '../../src/distro/distribution.ts';
import type { Root } from '../../src/distro/root.ts';
import type { SourceFiles, SourceInput } from '../../src/distro/source-input.ts';
import { steadyClock } from '../../src/host/steady-clock.ts';
import { FakeSandbox } from '../../src/sandbox/fake-sandbox.ts';
import { CheckedSignatures } from '../../src/store/checked-signatures.ts';

/** How a simulated source is built: decided by its name alone, so that it is the same in every run. */
export interface SimulatedBuild {
  readonly isBuilt: boolean;
  readonly lines: number;
}

export interface Simulation {
  /** Existing; roots and what builds give are below it. */
  readonly scratchDirectory: string;
  readonly buildOf: (source: string) => SimulatedBuild;
  /** How long a command takes. */
  readonly durationMs: () => number;
}

export const simulatedSnapshot = 'c'.repeat(64);

export function simulatedSource(name: string): SourceInput {
  return { kind: 'repository', name, version: '1', files: [] };
}

export const simulatedOptions: RebuildOptions = {
  workers: 4,
  parallel: 1,
  profiles: [],
  candidates: [],
  installChecks: false,
  upper: { kind: 'disk' },
  limits: {},
  resources: {
    cores: 4,
    memoryBytes: 1e12,
    reserveBytes: 0,
    uppers: { place: 'disk', largestTmpfsBytes: 0, tmpfsBytes: 0, isSizeGiven: false },
  },
  retries: 0,
};

/**
 * What the campaign's own code needs to run as it does, without a packaging system: every command goes to a fake sandbox and
 * takes its time there; everything else (attempts, logs, results, events) is real.
 */
export function simulatedContext(simulation: Simulation): CampaignContext {
  const { scratchDirectory, buildOf, durationMs } = simulation;
  const sandbox = new FakeSandbox((command) => {
    const [, source = ''] = command.request.command;
    const { isBuilt, lines } = buildOf(source);
    for (let line = 1; line <= lines; line++) command.write(`${source}: line ${line}\n`);
    sandbox.commands.length = 0;
    setTimeout(() => command.finish(isBuilt ? 0 : 1), durationMs());
  });
  const directory = join(scratchDirectory, 'root');
  mkdirSync(directory, { recursive: true });
  const base = {
    id: sha256('base'),
    contents: sha256('base'),
    variant: 'build',
    directory,
    preparedDirectory: join(scratchDirectory, 'prepared'),
  };
  const distribution: Partial<Distribution> = {
    kind: 'deb',
    failures: { rules: [], stepOf: () => undefined, stepWords: [] },
    resolveBuildDependencies: () =>
      Promise.resolve({ kind: 'resolved', packages: [], removed: [], decidedBy: 'paseka' }),
    installPackages: () => Promise.resolve({ kind: 'installed' }),
    buildSource: (root, source, options) => {
      options.onStep('build');
      return build(root, source, scratchDirectory);
    },
    isInstallChecked: () => false,
  };
  const context = {
    distribution,
    snapshot: {
      snapshotId: simulatedSnapshot,
      suite: 'simulated',
      architecture: 'amd64',
      frozenDirectory: scratchDirectory,
      catalog: { findSource: simulatedSource },
    },
    bases: { ensure: () => Promise.resolve(base) },
    layers: undefined,
    pool: { fetchAll: () => Promise.resolve([]), pathOf: (digest: string) => join(scratchDirectory, digest) },
    signatures: new CheckedSignatures(scratchDirectory),
    buildroots: {
      method: 'overlay',
      acquire: () =>
        Promise.resolve({
          directory,
          place: 'disk',
          limitBytes: null,
          measure: () => Promise.resolve({ usedBytes: 0, freeBytes: 1e12 }),
          [Symbol.asyncDispose]: () => Promise.resolve(),
        }),
    },
    sandbox,
    scratchDirectory,
    now: steadyClock(),
    wait: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
  };
  // It has what a campaign without layers and install checks asks for, and nothing else.
  return context as unknown as CampaignContext;
}

async function build(root: Root, source: SourceFiles, scratchDirectory: string): Promise<BuildResult> {
  const { name, version } = source.input;
  const { end } = await root.run({ command: ['build', name], identity: 'builder', output: 'log' });
  if (end.kind !== 'exited') return { kind: 'interrupted', stage: 'build', end };
  if (end.exitCode !== 0) return { kind: 'failed', stage: 'build', reason: `exit status ${end.exitCode}` };
  const text = contentOf(name);
  const fileName = `${name}_${version}_all.deb`;
  const path = join(scratchDirectory, fileName);
  writeFileSync(path, text);
  return {
    kind: 'built',
    artifacts: [{ fileName, path, bytes: text.length, sha256: sha256(text) }],
    packages: [],
  };
}

/** What the package of a source has in it. */
export function contentOf(source: string): string {
  return `the package of ${source}\n`;
}
