// SPDX-License-Identifier: GPL-2.0-or-later
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';

/** An index of an rpm-md repository, as its repomd.xml describes it. */
export interface RepomdEntry {
  /** Relative to the repository. */
  readonly href: string;
  /** Of the file as it is fetched. */
  readonly checksum: Checksum;
  /** Undefined where repomd.xml does not say. */
  readonly bytes: number | undefined;
}

export interface Checksum {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  /** In hexadecimal, lower case. */
  readonly value: string;
}

/** What is taken from a repomd.xml. */
export interface Repomd {
  /** As it stands there, mostly seconds since the epoch; empty where there is none. */
  readonly revision: string;
  /** The newest time of its indices, in seconds since the epoch; 0 where they have none. */
  readonly timestamp: number;
  readonly primary: RepomdEntry;
  /** Undefined for a repository without one. */
  readonly filelists: RepomdEntry | undefined;
}

/** What is wrong with a repomd.xml. */
export class RepomdError extends Error {
  override readonly name = 'RepomdError';
}

const text = z.union([z.string(), z.object({ '#text': z.string() }).transform((node) => node['#text'])]);

const dataSchema = z.object({
  '@type': z.string(),
  checksum: z.optional(z.object({ '@type': z.string(), '#text': z.string() })),
  location: z.optional(z.object({ '@href': z.string() })),
  size: z.optional(text),
  timestamp: z.optional(text),
});

const repomdSchema = z.object({
  repomd: z.object({ revision: z.optional(text), data: z.array(dataSchema) }),
});

/** Parses a repomd.xml (createrepo_c(8)). Throws {@link RepomdError}. */
export function parseRepomd(xml: string): Repomd {
  const parsed = repomdSchema.safeParse(parseXml(xml));
  if (!parsed.success) throw new RepomdError(z.prettifyError(parsed.error));
  const { revision, data } = parsed.data.repomd;
  const entry = (type: string): RepomdEntry | undefined => {
    const found = data.find((one) => one['@type'] === type);
    return found === undefined ? undefined : toEntry(type, found);
  };
  const primary = entry('primary');
  if (primary === undefined) throw new RepomdError('it names no primary index');
  const times = data.map(({ timestamp }) => Number(timestamp ?? 0)).filter(Number.isFinite);
  return {
    revision: revision ?? '',
    timestamp: Math.trunc(Math.max(0, ...times)),
    primary,
    filelists: entry('filelists'),
  };
}

function parseXml(xml: string): unknown {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) throw new RepomdError(`line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    removeNSPrefix: true,
    processEntities: { enabled: true, maxTotalExpansions: 1000 },
    isArray: (name) => name === 'data',
  });
  try {
    return parser.parse(xml) as unknown;
  } catch (error) {
    // what it refuses and its validator lets pass
    throw new RepomdError((error as Error).message, { cause: error });
  }
}

function toEntry(type: string, data: z.infer<typeof dataSchema>): RepomdEntry {
  const href = data.location?.['@href'] ?? '';
  if (!/^[^/\\:][^\\:]*$/.test(href) || href.split('/').includes('..')) {
    throw new RepomdError(`the ${type} index has a bad location: ${href}`);
  }
  const { '@type': algorithm = '', '#text': value = '' } = data.checksum ?? {};
  const digits = { sha256: 64, sha384: 96, sha512: 128 } as const;
  if (algorithm !== 'sha256' && algorithm !== 'sha384' && algorithm !== 'sha512') {
    throw new RepomdError(
      `the ${type} index has no checksum that is safe enough, only ${algorithm === '' ? 'none' : algorithm}`,
    );
  }
  const lower = value.trim().toLowerCase();
  if (lower.length !== digits[algorithm] || !/^[0-9a-f]+$/.test(lower)) {
    throw new RepomdError(`the ${type} index has a bad checksum: ${value}`);
  }
  if (data.size !== undefined && !/^\d+$/.test(data.size)) {
    throw new RepomdError(`the ${type} index has a bad size: ${data.size}`);
  }
  return {
    href,
    checksum: { algorithm, value: lower },
    bytes: data.size === undefined ? undefined : Number(data.size),
  };
}
