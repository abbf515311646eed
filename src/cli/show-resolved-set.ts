// SPDX-License-Identifier: GPL-2.0-or-later
import type { ResolvedSet } from '../campaign/resolve-set.ts';
import { renderTable } from '../report/table.ts';
import { exitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

/** Shows a set, or why there is none; the exit status. @param subject what it is of, as the document has it. */
export function showResolvedSet(answer: ResolvedSet, subject: object, output: Output): number {
  if (answer.kind === 'not-for-architecture') {
    output.result({ ...subject, packages: [], notForArchitecture: answer.explanation }, () => '');
    output.warning(`not for this architecture: ${answer.explanation}`);
    return exitStatus.notPassed;
  }
  const { decidedBy } = answer;
  if (answer.kind === 'unsatisfiable') {
    output.result({ ...subject, packages: [], unsatisfiable: answer.explanation, decidedBy }, () => '');
    output.warning(`unsatisfiable: ${answer.explanation.replaceAll('\n', '\n  ')}`);
    return exitStatus.notPassed;
  }
  const { reasons, removed, isFirstRound = false } = answer;
  const packages = answer.packages
    .map(({ name, version, architecture, from }) => {
      const why = reasons?.get(name);
      const own = from === 'local' ? { from } : {};
      return { name, version, architecture, ...own, ...(why === undefined ? {} : { why }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const document = {
    ...{ ...subject, packages, decidedBy },
    ...(removed.length > 0 ? { removed } : {}),
    ...(isFirstRound ? { isFirstRound } : {}),
  };
  output.result(document, () => {
    const header = ['package', 'version', 'architecture', ...(reasons === undefined ? [] : ['why'])];
    const rows = packages.map(({ name, version, architecture, why = '' }) => [
      name,
      version,
      architecture,
      why,
    ]);
    const notes = [
      ...(removed.length > 0 ? [`taken out of the base: ${removed.join(', ')}`] : []),
      ...(isFirstRound
        ? ['these come first: what else it needs, a build finds out when they are there']
        : []),
      ...(decidedBy === 'paseka' ? [] : [output.style.dim(`decided by ${decidedBy}`)]),
    ];
    return `${[renderTable(header.map(output.style.dim), rows), ...notes].join('\n')}\n`;
  });
  return exitStatus.passed;
}
