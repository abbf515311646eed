// SPDX-License-Identifier: GPL-2.0-or-later

/** What a spec file says of the source package, as far as it can be told without rpm and the distribution's macros. */
export interface SpecPreamble {
  readonly name: string | undefined;
  /** `[EPOCH:]VERSION[-RELEASE]`; without a release where only macros of the distribution tell it. */
  readonly version: string | undefined;
  /** File names of the sources and patches that no condition leaves out; undefined for what only rpm could tell. */
  readonly files: readonly (string | undefined)[];
}

const tagLine = /^(name|version|release|epoch)[ \t]*:[ \t]*(.*)$/i;
const fileLine = /^(?:source|patch)\d*[ \t]*:[ \t]*(.*)$/i;
const macroLine = /^%(?:define|global)[ \t]+(\w+)[ \t]+(.*)$/;
/** Where the package's own preamble ends: the first section, and all that is said of further packages. */
const sectionLine =
  /^%(?:package|description|prep|build|install|check|files|changelog|prepare|clean|pre|post)\b/;

/**
 * Reads the lines before the first section. Macros that the spec file itself defines with a plain text are put in, `%{?name}`
 * of unknown ones is nothing; conditions are not followed, so that of two definitions the last counts.
 */
export function readSpecPreamble(text: string): SpecPreamble {
  const macros = new Map<string, string>();
  const files: string[] = [];
  let conditions = 0;
  for (const line of text.split('\n')) {
    if (sectionLine.test(line)) break;
    if (line.trimStart().startsWith('%if')) conditions++;
    if (line.trimStart().startsWith('%endif')) conditions--;
    const [, file] = fileLine.exec(line) ?? [];
    if (file !== undefined && conditions === 0) files.push(file);
    const [, macro, value] = macroLine.exec(line) ?? [];
    if (macro !== undefined && value !== undefined) macros.set(macro, value.trim());
    const [, tag, said] = tagLine.exec(line) ?? [];
    if (tag !== undefined && said !== undefined) macros.set(tag.toLowerCase(), said.trim());
  }
  const known = (name: string): string | undefined => {
    const value = macros.get(name);
    return value === undefined ? undefined : plain(expand(value, macros));
  };
  const [version, release, epoch] = [known('version'), known('release'), known('epoch')];
  const prefix = epoch === undefined || /^0*$/.test(epoch) ? '' : `${epoch}:`;
  return {
    name: known('name'),
    version:
      version === undefined ? undefined : `${prefix}${version}${release === undefined ? '' : `-${release}`}`,
    files: files.map((file) => plain(expand(file, macros))?.replace(/^.*\//, '')),
  };
}

/** Whether a spec file has something in its change log; what a macro would put there counts. */
export function hasChangelog(text: string): boolean {
  const [, first] = /^%changelog\b.*\n(?:[ \t]*(?:#.*)?\n)*[ \t]*([^\s#].*)/m.exec(text) ?? [];
  return first !== undefined && !sectionLine.test(first);
}

/** As deep as definitions refer to each other; one that refers to itself stays as it is. */
const mostRounds = 16;

function expand(value: string, macros: ReadonlyMap<string, string>): string {
  let text = value;
  for (let round = 0; round < mostRounds; round++) {
    const next = text
      .replaceAll(/%\{(\w+)\}|%(\w+)/g, (whole, braced?: string, bare?: string) => {
        return macros.get(braced ?? bare ?? '') ?? whole;
      })
      .replaceAll(/%\{\?(\w+)\}/g, (_, name: string) => macros.get(name) ?? '')
      .replaceAll(/%\{\?(\w+):([^{}]*)\}/g, (_, name: string, then: string) => (macros.has(name) ? then : ''))
      .replaceAll(/%\{!\?(\w+):([^{}]*)\}/g, (_, name: string, then: string) =>
        macros.has(name) ? '' : then,
      );
    if (next === text) break;
    text = next;
  }
  return text;
}

/** Undefined where something is left that only rpm could tell. */
function plain(text: string): string | undefined {
  const word = text.replace(/[ \t]+#.*$/, '').trim();
  return word === '' || /[%\s{}]/.test(word) ? undefined : word;
}
