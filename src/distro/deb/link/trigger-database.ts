// SPDX-License-Identifier: GPL-2.0-or-later
/** What packages wait for and set off, as dpkg keeps it below /var/lib/dpkg/triggers (deb-triggers(5)). */
export interface TriggerDatabase {
  /** Interests in paths, in the order of `File`. */
  readonly files: readonly Interest[];
  /** Interests in names, by the name. */
  readonly named: ReadonlyMap<string, readonly Interest[]>;
}

export interface Interest {
  /** A path or a name. */
  readonly trigger: string;
  /** As the database has it: with an architecture where it needs one. */
  readonly package: string;
  /** Whether who sets it off does not wait for it. */
  readonly noAwait: boolean;
}

/** The directives of a package's `triggers` file. */
export interface TriggerDirectives {
  readonly interests: readonly { readonly trigger: string; readonly noAwait: boolean }[];
  readonly activates: readonly string[];
}

/** Parses a control file `triggers`; undefined where it has a directive that this program does not know. */
export function parseTriggers(text: string): TriggerDirectives | undefined {
  const interests: { trigger: string; noAwait: boolean }[] = [];
  const activates: string[] = [];
  for (const line of text.split('\n')) {
    const [directive, trigger, ...more] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (directive === undefined || directive === '') continue;
    if (trigger === undefined || more.length > 0) return undefined;
    const match = /^(interest|activate)(-await|-noawait)?$/.exec(directive);
    if (match === null) return undefined;
    if (match[1] === 'activate') activates.push(trigger);
    else interests.push({ trigger, noAwait: match[2] === '-noawait' });
  }
  return { interests, activates };
}

/** Parses the file `File` of the database. */
export function parseFileInterests(text: string): Interest[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const blank = line.lastIndexOf(' ');
      return { trigger: line.slice(0, blank), ...parseInterested(line.slice(blank + 1)) };
    });
}

/** Parses a file of the database that has a trigger's name. */
export function parseNamedInterests(trigger: string, text: string): Interest[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ trigger, ...parseInterested(line) }));
}

/** One line of either file. */
export function formatInterest(interest: Interest): string {
  const interested = `${interest.package}${interest.noAwait ? '/noawait' : ''}`;
  return interest.trigger.startsWith('/') ? `${interest.trigger} ${interested}` : interested;
}

function parseInterested(text: string): { package: string; noAwait: boolean } {
  const noAwait = text.endsWith('/noawait');
  return { package: noAwait ? text.slice(0, -'/noawait'.length) : text, noAwait };
}

/** Finds which interests in paths a path sets off: an interest holds for its path and all below. */
export class PathTriggers {
  readonly #triggers: ReadonlySet<string>;

  constructor(interests: readonly Interest[]) {
    this.#triggers = new Set(interests.map((interest) => interest.trigger));
  }

  *setOffBy(path: string): Generator<string> {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const prefix = path.slice(0, end);
      if (this.#triggers.has(prefix)) yield prefix;
    }
  }
}
