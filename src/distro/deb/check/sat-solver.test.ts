// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { solveClauses } from './sat-solver.ts';

const variables = 8;
const clause = fc.array(fc.nat(2 * variables - 1), { minLength: 1, maxLength: 4 });
const clauses = fc.array(clause, { maxLength: 45 });

function holds(given: readonly (readonly number[])[], valueOf: (variable: number) => boolean): boolean {
  return given.every((literals) =>
    literals.some((literal) => valueOf(literal >> 1) === ((literal & 1) === 0)),
  );
}

function satisfiableByTrying(given: readonly (readonly number[])[]): boolean {
  for (let bits = 0; bits < 1 << variables; bits++) {
    if (holds(given, (variable) => ((bits >> variable) & 1) === 1)) return true;
  }
  return false;
}

test('answers as trying all assignments does, with an assignment or a contradictory core', () => {
  fc.assert(
    fc.property(clauses, (given) => {
      const answer = solveClauses(variables, given);
      if (answer.kind === 'satisfiable') {
        expect(holds(given, (variable) => answer.values[variable] === 1)).toBe(true);
      } else {
        const core = answer.core.map((number) => given[number] ?? []);
        expect(satisfiableByTrying(core)).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});

test('is not lost in pigeon holes', () => {
  const pigeons = 6;
  const holes = 5;
  const at = (pigeon: number, hole: number): number => pigeon * holes + hole;
  const given: number[][] = [];
  for (let pigeon = 0; pigeon < pigeons; pigeon++) {
    given.push(Array.from({ length: holes }, (_, hole) => 2 * at(pigeon, hole)));
    for (let other = 0; other < pigeon; other++) {
      for (let hole = 0; hole < holes; hole++)
        given.push([2 * at(pigeon, hole) + 1, 2 * at(other, hole) + 1]);
    }
  }
  expect(solveClauses(pigeons * holes, given).kind).toBe('unsatisfiable');
});
