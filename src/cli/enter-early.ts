// SPDX-License-Identifier: GPL-2.0-or-later
import { enterPrivateNamespace } from '../host/private-namespace.ts';

/** Verbs that do all their work in the private namespace. */
const verbsInside: ReadonlySet<string> = new Set(['rebuild', 'run', 'shell', 'install-check', 'resolve']);
const onlyAsking = /^(-h|--help|-V|--version)$/;

/**
 * Enters the private namespace before the program is loaded, which would be lost with the process that is replaced: most of
 * a start. Where it can't be entered this does nothing: the verb tells why, after what is wrong with its arguments.
 */
export async function enterEarly(words: readonly string[]): Promise<void> {
  if (!verbsInside.has(words[0] ?? '') || words.some((word) => onlyAsking.test(word))) return;
  try {
    await enterPrivateNamespace();
  } catch {
    // told by the verb
  }
}
