// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { unreachable } from '../base/invariant.ts';
import type { CampaignComparison, ComparedSource } from '../campaign/compare/compare-campaigns.ts';
import type { BuildDifference, PackageDifference } from '../campaign/compare/compare-packages.ts';
import type { ArtifactComparison } from '../campaign/compare-artifacts.ts';
import { decisiveLine } from '../events/decisive-line.ts';
import { outcomeText } from '../events/outcome-text.ts';
import type { Style } from './style.ts';

/** Paths of one sort that are shown of a package. */
const mostPaths = 10;

/**
 * A comparison for people: what got worse first, each source with both sides' decisive lines; then the packages that
 * differ; last the counts.
 * @param packages by the source's place in the comparison.
 */
export function comparisonText(
  comparison: CampaignComparison,
  packages: ReadonlyMap<number, ArtifactComparison>,
  style: Style,
): string {
  const { before, after, sources, notes } = comparison;
  const lines = [
    `${style.bold(before.id)} (before) and ${style.bold(after.id)} (after), ${after.architecture}`,
  ];
  for (const note of notes) lines.push(`${style.warn('!')} ${note}`);
  let verdict: string | undefined;
  for (const one of sources) {
    if (one.verdict === 'unchanged') continue;
    if (one.verdict !== verdict) lines.push('', markVerdict(one.verdict, style));
    ({ verdict } = one);
    lines.push(...sourceLines(one, style));
  }
  const differing = [...packages].flatMap(([place, found]) => packageLines(sources[place], found, style));
  if (differing.length > 0) lines.push('', style.bold('packages that differ'), ...differing);
  lines.push('', countsLine(sources, style));
  return `${lines.join('\n')}\n`;
}

/** A verdict in the colour of how bad it is. */
export function markVerdict(verdict: ComparedSource['verdict'], style: Style): string {
  if (verdict === 'regression' || verdict === 'newly-unsatisfiable') return style.bad(verdict);
  if (verdict === 'fixed' || verdict === 'unchanged') return style.good(verdict);
  return style.warn(verdict);
}

function sourceLines({ source, before, after }: ComparedSource, style: Style): string[] {
  const versions = [...new Set([before?.version, after?.version].filter((one) => one !== undefined))];
  const lines = [`  ${style.bold(source)} ${style.dim(versions.join(' → '))}`];
  for (const [side, task] of [
    ['before', before],
    ['after ', after],
  ] as const) {
    if (task === undefined) continue;
    const { outcome } = task;
    const words = outcome === undefined ? 'not ended' : outcomeText(outcome).words;
    const line = outcome === undefined ? '' : decisiveLine(outcome);
    lines.push(`    ${style.dim(side)}  ${words}${line === '' ? '' : `: ${line}`}`);
  }
  return lines;
}

function packageLines(one: ComparedSource | undefined, found: ArtifactComparison, style: Style): string[] {
  const source = one?.source ?? '';
  if (found.kind === 'deleted') {
    return [
      `  ${style.bold(source)}: its packages can't be compared, they were deleted: ${found.files.join(', ')}`,
    ];
  }
  if (found.differences.length === 0) return [];
  return [
    `  ${style.bold(source)}`,
    ...found.differences.flatMap(differenceLines).map((line) => `    ${line}`),
  ];
}

function differenceLines(difference: BuildDifference): string[] {
  switch (difference.kind) {
    case 'package-gone':
      return [`${difference.package}: no such package any more`];
    case 'package-added':
      return [`${difference.package}: a new package`];
    case 'package-differs':
      return packageDifferenceLines(difference.differences).map((line) => `${difference.package}: ${line}`);
    default:
      return unreachable(difference);
  }
}

function packageDifferenceLines(differences: readonly PackageDifference[]): string[] {
  const lines = differences.map(differenceText);
  const paths = lines.filter((_, index) => differences[index]?.kind.startsWith('file-'));
  if (paths.length <= mostPaths) return lines;
  const hidden = new Set(paths.slice(mostPaths));
  return [...lines.filter((line) => !hidden.has(line)), `${hidden.size} more paths (--json has all)`];
}

function differenceText(difference: PackageDifference): string {
  switch (difference.kind) {
    case 'version':
      return `version ${difference.before} → ${difference.after}`;
    case 'file-gone':
      return `- ${difference.path}`;
    case 'file-added':
      return `+ ${difference.path}`;
    case 'file-changed':
      return `${difference.path}: ${difference.before} → ${difference.after}`;
    case 'relations':
      return [
        difference.field,
        ...difference.gone.map((one) => `-${one}`),
        ...difference.added.map((one) => `+${one}`),
      ].join(' ');
    case 'script-gone':
    case 'script-added':
    case 'script-changed':
      return `${difference.name} ${difference.kind.slice('script-'.length)}`;
    case 'size':
      return `${difference.what} size ${formatBytes(difference.beforeBytes)} → ${formatBytes(difference.afterBytes)}`;
    default:
      return unreachable(difference);
  }
}

function countsLine(sources: readonly ComparedSource[], style: Style): string {
  const counts = new Map<ComparedSource['verdict'], number>();
  for (const { verdict } of sources) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = [...counts].map(([verdict, count]) => `${count} ${markVerdict(verdict, style)}`);
  return `${parts.join(', ') || 'nothing'} of ${sources.length} sources`;
}
