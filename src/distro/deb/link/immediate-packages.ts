// SPDX-License-Identifier: GPL-2.0-or-later
import { parseRelations } from '../catalog/relation-syntax.ts';
import { type Paragraph, parseDeb822 } from '../deb822.ts';

/**
 * Names of the packages that apt unpacks and configures at once, before all others of an installation: what essential and
 * important packages depend on, in any alternative and at any depth; apt itself counts as important (APT::Immediate-Configure
 * in apt.conf(5)). Debian 13's apt names adduser so, which its base does not have.
 *
 * @param status dpkg's, of what is there.
 * @param added control paragraphs of what is installed.
 */
export function immediatePackages(status: string, added: readonly Paragraph[]): ReadonlySet<string> {
  const all = new Map<string, Paragraph>();
  for (const paragraph of [...parseDeb822(status), ...added])
    all.set(paragraph.get('package') ?? '', paragraph);
  const found = new Set([...all].filter(([, paragraph]) => isImportant(paragraph)).map(([name]) => name));
  for (const name of found) {
    for (const field of ['pre-depends', 'depends']) {
      for (const clause of parseRelations(all.get(name)?.get(field) ?? '')) {
        for (const atom of clause) found.add(atom.name);
      }
    }
  }
  return new Set(added.map((paragraph) => paragraph.get('package') ?? '').filter((name) => found.has(name)));
}

function isImportant(paragraph: Paragraph): boolean {
  return (
    paragraph.get('package') === 'apt' ||
    ['essential', 'important', 'protected'].some((field) => paragraph.get(field) === 'yes')
  );
}
