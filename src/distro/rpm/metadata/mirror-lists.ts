// SPDX-License-Identifier: GPL-2.0-or-later
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parseSha256, type Sha256 } from '../../../base/digest.ts';

/** A repository that a list of mirrors leads to. */
export interface MirrorChoice {
  /** The repository's address. */
  readonly uri: string;
  /** What its repomd.xml must be, where the list says it; each is good. */
  readonly repomd: readonly Sha256[];
}

/** The repositories that a mirrorlist (an address on each line) names, in its order. */
export function parseMirrorList(text: string): MirrorChoice[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^(https?|file):\/\//i.test(line)).map((uri) => ({ uri, repomd: [] }));
}

interface Node {
  readonly [name: string]: Node | readonly Node[] | string | undefined;
}

const tail = '/repodata/repomd.xml';

/**
 * The repositories of a metalink (version 3, as MirrorManager writes it) whose addresses can be fetched, the most preferred
 * first, with the digests of all states of repomd.xml that it allows.
 */
export function parseMetalink(xml: string): MirrorChoice[] {
  if (XMLValidator.validate(xml) !== true) return [];
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    removeNSPrefix: true,
    processEntities: { enabled: true, maxTotalExpansions: 10_000 },
    isArray: (name) => ['file', 'url', 'hash', 'alternate'].includes(name),
  });
  const root = parseOrNothing(parser, xml);
  const file = list(node(node(root, 'metalink'), 'files'), 'file').find(
    (one) => one['@name'] === 'repomd.xml',
  );
  if (file === undefined) return [];
  const urls = list(node(file, 'resources'), 'url')
    .map((one) => ({ url: content(one), preference: Number(one['@preference'] ?? 0) }))
    .filter(({ url }) => /^https?:/i.test(url) && url.endsWith(tail))
    .sort((a, b) => b.preference - a.preference);
  const states = [file, ...list(node(file, 'alternates'), 'alternate')];
  const hashes = states.flatMap((state) =>
    list(node(state, 'verification'), 'hash')
      .filter((hash) => hash['@type'] === 'sha256')
      .flatMap((hash) => parseSha256(content(hash).trim().toLowerCase()) ?? []),
  );
  return urls.map(({ url }) => ({ uri: url.slice(0, -tail.length), repomd: hashes }));
}

/** The parser refuses some of what its validator lets pass. */
function parseOrNothing(parser: XMLParser, xml: string): Node {
  try {
    return parser.parse(xml) as Node;
  } catch {
    return {};
  }
}

function node(parent: Node, name: string): Node {
  const child = parent[name];
  return typeof child === 'object' && !Array.isArray(child) ? (child as Node) : {};
}

function list(parent: Node, name: string): readonly Node[] {
  const children = parent[name];
  if (!Array.isArray(children)) return [];
  return (children as readonly (Node | string)[]).map((one) =>
    typeof one === 'string' ? { '#text': one } : one,
  );
}

function content(one: Node): string {
  const value = one['#text'];
  return typeof value === 'string' ? value : '';
}
