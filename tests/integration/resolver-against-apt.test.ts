// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogFromText } from '../../src/distro/deb/catalog/catalog-from-text.ts';
import { InProcessResolver } from '../../src/distro/deb/resolve/in-process-resolver.ts';
import { parseInstalledBase } from '../../src/distro/deb/resolve/installed-base.ts';
import { Resolver } from '../../src/distro/deb/resolve/resolver.ts';
import { Universe } from '../../src/distro/deb/resolve/universe.ts';
import { isSuccess, runProcess } from '../../src/host/process.ts';
import { type RandomArchive, randomArchive } from './random-archive.ts';

const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };
/** Always the same archives, unless more are asked for: what is found among those becomes a case of its own. */
const moreRuns = process.env['PASEKA_APT_RUNS'];
const search = moreRuns === undefined ? { numRuns: 60, seed: 1 } : { numRuns: Number(moreRuns) };
let directory = '';
let aptVersion = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'paseka-resolver-'));
  for (const path of [
    'etc/apt/preferences.d',
    'lists/partial',
    'cache/archives/partial',
    'repo',
    'source',
    'log',
  ]) {
    await mkdir(join(directory, path), { recursive: true });
  }
  await writeFile(join(directory, 'etc/apt/sources.list'), `deb [trusted=yes] file:${directory}/repo ./\n`);
  const version = await apt('--version');
  aptVersion = /^apt (\S+)/.exec(version.stdout)?.[1] ?? '';
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

test('random archives are resolved as apt does, or left to it', async () => {
  const kinds = { resolved: 0, unsatisfiable: 0, undecided: 0 };
  await fc.assert(
    fc.asyncProperty(randomArchive, async (archive) => {
      const apt = await askApt(archive);
      const mine = resolve(archive);
      const kind = Array.isArray(mine) ? 'resolved' : mine;
      kinds[kind]++;
      const { explanation, reasons } = tell(archive);
      if (apt.answer !== 'unsatisfiable')
        expect({ explanation, archive }).toEqual({ explanation: undefined, archive });
      for (const why of reasons) expect({ why, archive }).not.toEqual({ why: "apt's own choice", archive });
      if (kind === 'undecided') return;
      expect({ answer: mine, apt: apt.said, archive }).toEqual({
        answer: apt.answer,
        apt: apt.said,
        archive,
      });
    }),
    { ...search, endOnFailure: moreRuns !== undefined },
  );
  expect(kinds.resolved).toBeGreaterThan(0);
  expect(kinds.unsatisfiable).toBeGreaterThan(0);
  expect(kinds.undecided).toBeLessThan(search.numRuns / 3);
  if (moreRuns !== undefined) console.log(kinds);
}, 3_600_000);

/** What this program says beside the answer: why it is unsatisfiable, or why each package is in it. */
function tell(archive: RandomArchive): { explanation: string | undefined; reasons: string[] } {
  const catalog = catalogFromText([{ kind: 'packages', text: archive.packages }]);
  const resolver = new InProcessResolver(catalog, archive.status, 'amd64', [], aptVersion);
  const source = new Map([
    ['build-depends', archive.buildDepends],
    ['build-conflicts', archive.buildConflicts],
  ]);
  const question = { kind: 'build', source, profiles: [] } as const;
  const answer = resolver.resolve(question);
  const reasons = answer.kind === 'resolved' ? resolver.reasons(question, answer.packages) : new Map();
  return { explanation: resolver.explain(question), reasons: [...reasons.values()] };
}

function resolve(archive: RandomArchive): string[] | 'unsatisfiable' | 'undecided' {
  const catalog = catalogFromText([{ kind: 'packages', text: archive.packages }]);
  const universe = new Universe(catalog, parseInstalledBase(archive.status, 'amd64'));
  const source = new Map([
    ['build-depends', archive.buildDepends],
    ['build-conflicts', archive.buildConflicts],
  ]);
  const answer = new Resolver(universe, aptVersion).resolveSourceParagraph(source, {
    profiles: [],
    indep: true,
  });
  if (answer.kind === 'unsatisfiable' || answer.kind === 'undecided') return answer.kind;
  if (answer.kind === 'unknown-package') throw new Error(`unknown ${answer.name}`);
  return answer.rows.map((row) => universe.describe(row).name);
}

async function askApt(archive: RandomArchive): Promise<{ answer: string[] | 'unsatisfiable'; said: string }> {
  await writeFile(join(directory, 'repo/Packages'), archive.packages);
  await writeFile(join(directory, 'status'), archive.status);
  const conflicts = archive.buildConflicts === '' ? '' : `Build-Conflicts: ${archive.buildConflicts}\n`;
  const dsc = `Format: 1.0\nSource: x\nBinary: x\nArchitecture: any\nVersion: 1\nMaintainer: A <a@example.org>\n`;
  const path = join(directory, 'source/x_1.dsc');
  await writeFile(path, `${dsc}Build-Depends: ${archive.buildDepends}\n${conflicts}`);
  await rm(join(directory, 'lists'), { recursive: true });
  await mkdir(join(directory, 'lists/partial'), { recursive: true });
  const updated = await apt('update');
  expect(updated.end, updated.stderr).toEqual({ kind: 'exited', exitCode: 0 });
  const { end, stdout, stderr } = await apt('-s', 'build-dep', path);
  const said = stdout + stderr;
  if (stdout.includes('The following packages will be REMOVED')) return { answer: ['removes'], said };
  const plan = [
    ...stdout.matchAll(
      /^The following (?:NEW packages will be installed|packages will be upgraded):\n((?: .*\n)+)/gm,
    ),
  ]
    .map((match) => match[1] ?? '')
    .join('');
  // a plan that apt then finds no order for (a circle of Pre-Depends) is still its answer
  if (plan !== '') return { answer: plan.trim().split(/\s+/).sort(), said };
  return { answer: isSuccess(end) ? [] : 'unsatisfiable', said };
}

function apt(...command: string[]): ReturnType<typeof runProcess> {
  const options = [
    `Dir::Etc=${directory}/etc/apt`,
    `Dir::State=${directory}`,
    `Dir::State::lists=${directory}/lists`,
    `Dir::State::status=${directory}/status`,
    `Dir::Cache=${directory}/cache`,
    `Dir::Log=${directory}/log`,
    'APT::Architecture=amd64',
    'APT::Architectures=amd64',
    'APT::Sandbox::User=root',
    'Debug::NoLocking=1',
  ];
  return runProcess({
    command: ['apt-get', ...options.flatMap((option) => ['-o', option]), ...command],
    environment,
  });
}
