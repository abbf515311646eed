// SPDX-License-Identifier: GPL-2.0-or-later
/** One package of a simulated installation, as apt prints it. */
export interface SimulatedInstall {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** From a package file given on the command line, not from a repository. */
  readonly local: boolean;
}

export interface Simulation {
  /** In apt's order of unpacking. */
  readonly installed: readonly SimulatedInstall[];
  readonly removed: readonly string[];
}

/**
 * Parses `apt-get --simulate`: `Inst name [old] (version origins [arch]) [breaks]` and `Remv name [version]`; a foreign
 * architecture's name comes with `:arch`, which is dropped.
 */
export function parseSimulation(output: string): Simulation {
  const installed: SimulatedInstall[] = [];
  const removed: string[] = [];
  for (const line of output.split('\n')) {
    const install = /^Inst (\S+) (?:\[[^\]]*\] )?\((\S+) (.*)\[([a-z0-9-]+)\]\)/.exec(line);
    if (install !== null) {
      const [, name = '', version = '', origins = '', architecture = ''] = install;
      installed.push({
        name: name.split(':')[0] ?? name,
        version,
        architecture,
        local: /(^| )local-deb\b/.test(origins),
      });
    }
    const remove = /^Remv (\S+)/.exec(line);
    if (remove !== null) removed.push(remove[1]?.split(':')[0] ?? '');
  }
  return { installed, removed };
}

/**
 * What apt says of an unsatisfiable request, for people: its table of unmet dependencies without the preamble, and
 * without the stand-in package that it makes of a source (`builddeps:`).
 */
export function parseUnmetDependencies(output: string): string {
  const lines = output.split('\n');
  const start = lines.findIndex((line) => line.startsWith('The following packages have unmet dependencies'));
  if (start < 0) {
    const errors = lines.filter((line) => line.startsWith('E:')).map((line) => line.slice(2).trim());
    return errors.join('; ') || 'apt gave no reason';
  }
  const table: string[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^[EWN]:/.test(line) || line.trim() === '') break;
    table.push(line.trim().replace(/^builddeps:\S+ : /, ''));
  }
  return table.join('; ');
}

/** The name in `E: Unable to locate package NAME`, or of a version that isn't there, if that is what apt said. */
export function parseUnknownPackage(output: string): string | undefined {
  return (
    /^E: Unable to locate package (\S+)/m.exec(output)?.[1] ??
    /^E: Version '([^']+)' for '([^']+)' was not found/m.exec(output)?.slice(1, 3).reverse().join('=') ??
    /^E: Package '([^']+)' has no installation candidate/m.exec(output)?.[1]
  );
}
