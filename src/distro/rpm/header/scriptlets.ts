// SPDX-License-Identifier: GPL-2.0-or-later
import { headerTags } from './header-tags.ts';
import { textsOf } from './header-values.ts';
import type { Header } from './read-header.ts';

/** The tags of text and interpreter of each scriptlet, by the name that spec files have for it. */
const scriptletTags: Readonly<Record<string, readonly [text: number, program: number]>> = {
  pretrans: [headerTags.PRETRANS, headerTags.PRETRANSPROG],
  pre: [headerTags.PREIN, headerTags.PREINPROG],
  post: [headerTags.POSTIN, headerTags.POSTINPROG],
  preun: [headerTags.PREUN, headerTags.PREUNPROG],
  postun: [headerTags.POSTUN, headerTags.POSTUNPROG],
  posttrans: [headerTags.POSTTRANS, headerTags.POSTTRANSPROG],
  verifyscript: [headerTags.VERIFYSCRIPT, headerTags.VERIFYSCRIPTPROG],
  triggers: [headerTags.TRIGGERSCRIPTS, headerTags.TRIGGERSCRIPTPROG],
  filetriggers: [headerTags.FILETRIGGERSCRIPTS, headerTags.FILETRIGGERSCRIPTPROG],
  transfiletriggers: [headerTags.TRANSFILETRIGGERSCRIPTS, headerTags.TRANSFILETRIGGERSCRIPTPROG],
};

/** A package's scriptlets by name, each with its interpreter in a first line; triggers of one kind together. */
export function scriptletsOf(header: Header): ReadonlyMap<string, string> {
  const scriptlets = new Map<string, string>();
  for (const [name, [text, program]] of Object.entries(scriptletTags)) {
    const texts = textsOf(header, text);
    const programs = textsOf(header, program);
    if (texts.length === 0 && programs.length === 0) continue;
    scriptlets.set(name, `${programs.join(' ')}\n${texts.join('\n')}`);
  }
  return scriptlets;
}
