// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { formatDuration } from '../base/duration.ts';
import type { DryLayers, DryRun, Files } from '../campaign/dry-run.ts';
import type { ExpectedCampaign } from '../campaign/expect-campaign.ts';
import { countClasses, type DryRunSubject } from './dry-run-json.ts';
import type { Style } from './style.ts';

const mostNamed = 20;

/** The plan for people: totals, then what can't be built and why, then what is left out. */
export function dryRunText(run: DryRun, subject: DryRunSubject, style: Style): string {
  const { satisfiable, unsatisfiable, undecided } = countClasses(run);
  const fetched = run.packages.missingBytes + run.sourceFiles.missingBytes;
  const disk = fetched + run.packages.installedBytes + (run.layers?.diskBytes ?? 0);
  const lines = [
    `${count(run.sources.length, 'source')} of ${subject.suite} (${subject.architecture}), planned in ${formatDuration(subject.wallMs)}`,
    `  can be built     ${satisfiable}${undecided > 0 ? `, and ${undecided} of which that is known when it is built` : ''}`,
    `  can not          ${unsatisfiable}`,
    `  packages needed  ${describeFiles(run.packages)}`,
    `  source files     ${describeFiles(run.sourceFiles)}`,
    ...(run.layers === undefined ? [] : [`  layers           ${describeLayers(run.layers)}`]),
    `  building         ${describeExpected(run.expected)}`,
    `  disk             at most ${formatBytes(disk)}, beside what is built`,
  ];
  lines.push(...run.notes);
  const broken = run.sources.flatMap(({ source, needs }) =>
    needs.kind === 'unsatisfiable' ? [{ source, explanation: needs.explanation }] : [],
  );
  for (const { source, explanation } of broken) {
    const why = explanation.replaceAll('\n', '\n    ');
    lines.push(`${style.bad(`${source.name} ${source.version}`)} can't be built:\n    ${why}`);
  }
  const undecidedNames = run.sources.flatMap(({ source, needs }) =>
    needs.kind === 'undecided' ? [source.name] : [],
  );
  if (undecidedNames.length > 0) lines.push(`known when it is built: ${names(undecidedNames)}`);
  const elsewhere = [
    ...subject.notForArchitecture.map(({ name }) => name),
    ...run.sources.flatMap(({ source, needs }) =>
      needs.kind === 'not-for-architecture' ? [source.name] : [],
    ),
  ];
  if (elsewhere.length > 0) {
    lines.push(
      `left out, as nothing is built for ${subject.architecture} from ${count(elsewhere.length, 'source')}: ${names(elsewhere)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function describeFiles({ files, bytes, missingFiles, missingBytes }: Files): string {
  return `${files}, ${formatBytes(bytes)}; to fetch: ${missingFiles}, ${formatBytes(missingBytes)}`;
}

function describeLayers({ made, reused, diskBytes, makeMs }: DryLayers): string {
  const there = reused > 0 ? `, over ${reused} that are there` : '';
  return `${made} to make${there}; about ${formatBytes(diskBytes)} and ${formatDuration(makeMs)} of one processor`;
}

function describeExpected({ wallMs, cpuMs, memoryBytes, workers, known }: ExpectedCampaign): string {
  const what = `about ${formatDuration(wallMs)}, ${formatDuration(cpuMs)} of processors`;
  const basis = known === 0 ? 'none was built here before' : `${known} were built here before`;
  return `${what} and ${formatBytes(memoryBytes)} of memory, ${workers} at once; ${basis}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function names(all: readonly string[]): string {
  const more = all.length - mostNamed;
  return `${all.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
