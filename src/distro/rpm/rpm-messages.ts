// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The scripts of packages that failed, a line for each. rpm calls that an error only where the package is not installed or
 * removed for it; after a failing %post its exit status is 0.
 */
export function scriptletFailures(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(?:error|warning): (%\S+\(.+\) scriptlet failed, .*)$/.exec(line.trim());
    return match === null ? [] : [match[1] ?? ''];
  });
}

/** Why rpm did not do it: its errors with what belongs to them, and what a script said before it failed. */
export function transactionFailure(tail: string): string {
  const lines = tail.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('rpm: '));
  const failing = lines.findIndex((line) => /scriptlet failed, /.test(line));
  if (failing >= 0) return lines.slice(Math.max(0, failing - 1), failing + 1).join('\n');
  const first = lines.findIndex((line) => line.startsWith('error: '));
  const errors = first < 0 ? [] : lines.slice(first).filter((line) => /^(error: |\s)/.test(line));
  const conflicts = lines.filter((line) => / conflicts (with|between) /.test(line));
  const said = [errors, conflicts].find((some) => some.length > 0) ?? lines.slice(-3);
  return said
    .slice(0, 6)
    .map((line) => line.trim())
    .join('\n');
}

/** Whether rpm refused because something that is required is not there. */
export function isUnmet(tail: string): boolean {
  return /^error: Failed (build )?dependencies:/m.test(tail);
}

/**
 * Whether rpmbuild came as far as running scripts of the spec file: then what looks like a refusal of its own is theirs. Where the
 * tail has lost the beginning, the summary that a failed build ends with tells it.
 */
export function hasBegun(tail: string): boolean {
  return /^(Executing\(%\w+\): |RPM build errors:$)/m.test(tail);
}

/** What is not there, in few words. */
export function unmetDependencies(tail: string): string {
  const names = tail.split('\n').flatMap((line) => /^\s+(\S.*) is needed by /.exec(line)?.[1] ?? []);
  return [...new Set(names)].join(', ');
}

/** Why rpmbuild gave up, in its own words, without names that are random. */
export function buildFailure(tail: string): string {
  const lines = tail.split('\n').filter((line) => line.trim() !== '');
  const said = lines.filter((line) => line.startsWith('error: '));
  return (said.length > 0 ? said : lines.slice(-3))
    .slice(-6)
    .map((line) => line.replace(/^error: /, '').trim())
    .map((line) => line.replace(/ from \/\S*\/rpm-tmp\.\w+/, ''))
    .join('\n');
}

/** What rpmbuild did when it gave up: %prep unpacks the sources and applies the patches. */
export function failedStage(tail: string): 'unpack' | 'build' {
  return /^error: Bad exit status from \S+ \(%prep\)$/m.test(tail) ? 'unpack' : 'build';
}

/** Why a spec file can't be read, in rpm's own words. */
export function specFailure(tail: string): string {
  const lines = tail
    .split('\n')
    .filter((line) => !/^error: query of specfile .* failed, can't parse$/.test(line));
  return buildFailure(lines.join('\n'));
}

/** Why rpm takes a spec file for none of this architecture; undefined where it said nothing of that. */
export function architectureRefusal(tail: string): string | undefined {
  const match =
    /^error: (?:(No compatible architectures found for build)|Architecture is (not included|excluded): (\S+))/m.exec(
      tail,
    );
  if (match === null) return undefined;
  const [, incompatible, which, architecture] = match;
  if (incompatible !== undefined) return 'its spec file has no architecture of this root (BuildArch)';
  return which === 'excluded'
    ? `its spec file is for everything but ${architecture} (ExcludeArch)`
    : `its spec file is not for ${architecture} (ExclusiveArch)`;
}
