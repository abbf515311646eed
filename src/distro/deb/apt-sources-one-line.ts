// SPDX-License-Identifier: GPL-2.0-or-later
import { makeEntries, type RepositoryEntry, SourceListError } from './apt-sources-entry.ts';

/** Parses the one-line format: `deb [ option=value ... ] uri suite [component...]`. Throws SourceListError. */
export function parseOneLineEntries(text: string): RepositoryEntry[] {
  const entries: RepositoryEntry[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const content = whole.replace(/#.*$/, '').trim();
    if (content !== '') entries.push(...parseLine(content, index + 1));
  }
  return entries;
}

function parseLine(content: string, line: number): RepositoryEntry[] {
  const words = splitWords(content, line);
  const type = words.shift() ?? '';
  const options =
    words[0]?.startsWith('[') === true ? parseOptions(words.shift() ?? '', line) : new Map<string, string>();
  const uri = words.shift();
  const suite = words.shift();
  return makeEntries({
    types: [type],
    uris: uri === undefined ? [] : [uri],
    suites: suite === undefined ? [] : [suite],
    components: words,
    signedBy: options.get('signed-by'),
    trusted: options.get('trusted'),
    checkValidUntil: options.get('check-valid-until'),
    architectures: splitList(options.get('arch')),
    line,
  });
}

/** Words as apt splits them: blanks inside quotes and brackets do not separate, quotes disappear. */
function splitWords(content: string, line: number): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < content.length; index++) {
    const char = content.charAt(index);
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '"' || char === '[') {
      const end = content.indexOf(char === '"' ? '"' : ']', index + 1);
      if (end < 0) throw new SourceListError(`${char} without its end`, line);
      word = (word ?? '') + (char === '"' ? content.slice(index + 1, end) : content.slice(index, end + 1));
      index = end;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function parseOptions(bracketed: string, line: number): Map<string, string> {
  const options = new Map<string, string>();
  if (!bracketed.endsWith(']')) throw new SourceListError(`blank missing after ]: ${bracketed}`, line);
  for (const option of bracketed
    .slice(1, -1)
    .split(/\s+/)
    .filter((part) => part !== '')) {
    const equals = option.indexOf('=');
    if (equals < 1) throw new SourceListError(`not an option: ${option}`, line);
    options.set(option.slice(0, equals).toLowerCase(), option.slice(equals + 1));
  }
  return options;
}

function splitList(value: string | undefined): string[] {
  return (value ?? '').split(',').filter((part) => part !== '');
}
