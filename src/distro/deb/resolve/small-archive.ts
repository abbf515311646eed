// SPDX-License-Identifier: GPL-2.0-or-later
import { catalogFromText } from '../catalog/catalog-from-text.ts';
import { parseDeb822 } from '../deb822.ts';
import { parseInstalledBase } from './installed-base.ts';
import { Resolver, type ResolverAnswer } from './resolver.ts';
import { Universe } from './universe.ts';

/** A resolver over an archive of a few lines, for tests. */
export interface SmallArchive {
  readonly resolver: Resolver;
  /** Names (with `=version` where there are several of them), or the kind of another answer. */
  buildDep(fields: string): string;
  install(...names: string[]): string;
}

/**
 * Makes one of `packages`: paragraphs with Package and what matters, separated by blank lines; Version 1, Architecture
 * amd64 and the fields of a file are added. `installed` names those that the base has, in the version that is written for
 * them or in another (`name=version`).
 */
export function smallArchive(
  packages: string,
  installed: readonly string[],
  aptVersion: string,
): SmallArchive {
  const paragraphs = `${packages.trim()}\n\nPackage: build-essential`.split(/\n\s*\n/).map(complete);
  const sha256 = 'a'.repeat(64);
  const text = paragraphs
    .map((paragraph, index) => `${paragraph}\nFilename: ${index}.deb\nSize: 1\nSHA256: ${sha256}\n`)
    .join('\n');
  const versions = new Map(
    ['build-essential', ...installed].map((one) => {
      const [name = '', version] = one.split('=');
      return [name, version] as const;
    }),
  );
  const status = paragraphs.flatMap((paragraph) => {
    const name = /^Package: (\S+)$/m.exec(paragraph)?.[1] ?? '';
    if (!versions.has(name)) return [];
    const version = versions.get(name);
    const had =
      version === undefined ? paragraph : paragraph.replace(/^Version: .*$/m, `Version: ${version}`);
    return [`${had}\nStatus: install ok installed\n`];
  });
  const catalog = catalogFromText([{ kind: 'packages', text }]);
  const universe = new Universe(catalog, parseInstalledBase(status.join('\n'), 'amd64'));
  const resolver = new Resolver(universe, aptVersion);
  return {
    resolver,
    buildDep: (fields) => {
      const [source] = parseDeb822(fields);
      return shown(
        universe,
        resolver.resolveSourceParagraph(source ?? new Map(), { profiles: [], indep: true }),
      );
    },
    install: (...names) => shown(universe, resolver.resolvePackages(names)),
  };
}

function complete(paragraph: string): string {
  const lines = paragraph.trim().split('\n');
  const text = lines.map((line) => (/^\S+:/.test(line.trim()) ? line.trim() : ` ${line.trim()}`)).join('\n');
  const version = /^Version:/m.test(text) ? '' : '\nVersion: 1';
  return `${text}${version}\nArchitecture: amd64`;
}

function shown(universe: Universe, answer: ResolverAnswer): string {
  switch (answer.kind) {
    case 'resolved':
      return answer.rows
        .map((row) => universe.describe(row))
        .map(({ name, version }) => (version === '1' ? name : `${name}=${version}`))
        .join(' ');
    case 'unsatisfiable':
      return `unsatisfiable:\n${answer.explanation}`;
    case 'unknown-package':
      return `unknown: ${answer.name}`;
    case 'undecided':
      return `undecided: ${answer.reason}`;
  }
}
