// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Demand } from '../../src/distro/rpm/demand.ts';
import { buildDemand, packagesDemand } from '../../src/distro/rpm/demands.ts';
import { RpmResolver } from '../../src/distro/rpm/rpm-resolver.ts';
import { requires } from '../support/capabilities.ts';
import { type DnfAnswer, DnfOracle } from '../support/rpm/dnf-oracle.ts';
import { freezeMade } from '../support/rpm/freeze-made.ts';
import { writeMadeRepository } from '../support/rpm/made-metadata.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';
import { type RandomRpmRepository, randomRpmRepository } from './random-rpm-repository.ts';

/** Always the same repositories, unless more are asked for. */
const moreRuns = process.env['PASEKA_DNF_RUNS'];
const search = moreRuns === undefined ? { numRuns: 25, seed: 1 } : { numRuns: Number(moreRuns) };

requires('dnf')('what dnf chooses', () => {
  let scratch: TemporaryDirectory;
  let dnf: DnfOracle;
  let counter = 0;

  beforeAll(async () => {
    scratch = await makeTemporaryDirectory('dnf-');
    dnf = new DnfOracle(join(scratch.path, 'dnf'));
  });
  afterAll(() => scratch[Symbol.asyncDispose]());

  test('random repositories are resolved as dnf install and dnf builddep do', async () => {
    const kinds = { resolved: 0, unsatisfiable: 0 };
    await fc.assert(
      fc.asyncProperty(randomRpmRepository, async (made) => {
        const { mine, reasons, theirs } = await ask(made);
        for (const answer of mine) kinds[answer.kind]++;
        expect({ mine: mine.map(comparable), made }).toEqual({ mine: theirs.map(comparable), made });
        for (const why of reasons)
          expect({ why, made }).not.toEqual({ why: "the resolver's own choice", made });
      }),
      { ...search, endOnFailure: true },
    );
    expect(kinds.resolved).toBeGreaterThan(search.numRuns / 4);
    expect(kinds.unsatisfiable).toBeGreaterThan(0);
    if (moreRuns !== undefined) console.log(kinds);
  }, 3_600_000);

  interface Answers {
    readonly mine: readonly DnfAnswer[];
    readonly theirs: readonly DnfAnswer[];
    readonly reasons: readonly string[];
  }

  async function ask({ packages, wanted, buildRequires }: RandomRpmRepository): Promise<Answers> {
    const directory = join(scratch.path, `made-${++counter}`);
    await mkdir(directory, { recursive: true });
    await writeMadeRepository(directory, packages);
    const spec = join(directory, 'asks.spec');
    await writeFile(spec, specText(buildRequires));
    const uri = `file://${directory}`;
    const frozen = await freezeMade([{ uri, suite: 'made' }], join(directory, 'frozen'));
    const resolver = await RpmResolver.open(frozen, undefined);
    const reasons: string[] = [];
    const answered = (demand: Demand): DnfAnswer => {
      const answer = resolver.answer(demand, true);
      if (answer.kind === 'unsatisfiable') return { kind: 'unsatisfiable', said: answer.explanation };
      reasons.push(...(answer.reasons ?? new Map<string, string>()).values());
      const names = answer.packages.map(
        ({ name, version, architecture }) => `${name}-${version}.${architecture}`,
      );
      return { kind: 'resolved', packages: names.sort() };
    };
    const install = packagesDemand(resolver, { names: wanted, local: [] });
    const { pool } = resolver.repositories;
    // in the order in which rpm keeps them in a source's header
    const dependencies = [...buildRequires].sort().map((text) => pool.parseDependency(text) ?? 0);
    const mine = [
      'unknown' in install ? { kind: 'unsatisfiable' as const, said: install.unknown } : answered(install),
      answered(buildDemand(resolver, dependencies)),
    ];
    pool[Symbol.dispose]();
    const repositories = [{ name: 'made', uri }];
    const theirs = [
      await dnf.ask({ repositories, command: ['install', ...wanted] }),
      await dnf.ask({ repositories, command: ['builddep', '--spec', spec] }),
    ];
    return { mine, theirs, reasons };
  }
});

function comparable(answer: DnfAnswer): unknown {
  return answer.kind === 'resolved' ? answer.packages : answer.kind;
}

function specText(buildRequires: readonly string[]): string {
  return [
    'Name: asks',
    'Version: 1',
    'Release: 1',
    'Summary: asks',
    'License: GPL',
    ...buildRequires.map((one) => `BuildRequires: ${one}`),
    '%description',
    '',
  ].join('\n');
}
