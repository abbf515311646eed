// SPDX-License-Identifier: GPL-2.0-or-later
/** RPM files for unit tests, made here byte by byte: as rpmbuild writes them, with signed parts and digests. */
import { digestOfPieces } from '../../../base/digest.ts';
import { type HeaderEntry, headerTypes } from './header-entry.ts';
import { headerTags, regionTags, signatureTags } from './header-tags.ts';
import { numbersEntry, textEntry, textsEntry, writeHeader } from './write-header.ts';

export interface SmallRpm {
  readonly name?: string;
  readonly isSource?: boolean;
  /** Entries besides or in the place of those that every package has. */
  readonly entries?: readonly HeaderEntry[];
  readonly payload?: string;
}

/** The entries of a small package. */
export function smallEntries({
  name = 'hive',
  isSource = false,
  entries = [],
}: SmallRpm = {}): HeaderEntry[] {
  const own = new Map<number, HeaderEntry>(
    [
      textsEntry(headerTags.HEADERI18NTABLE, ['C']),
      textEntry(headerTags.NAME, name),
      textEntry(headerTags.VERSION, '1.0'),
      textEntry(headerTags.RELEASE, 'alt1'),
      textEntry(headerTags.ARCH, 'noarch'),
      { ...textEntry(headerTags.SUMMARY, 'a hive'), type: headerTypes.translated },
      isSource
        ? numbersEntry(headerTags.SOURCEPACKAGE, [1])
        : textEntry(headerTags.SOURCERPM, `${name}-1.0-alt1.src.rpm`),
    ].map((entry) => [entry.tag, entry]),
  );
  for (const entry of entries) own.set(entry.tag, entry);
  return [...own.values()];
}

/** The whole file. */
export function makeSmallRpm(wanted: SmallRpm = {}): Uint8Array {
  const payload = Buffer.from(wanted.payload ?? 'the payload');
  const header = withRegion(
    [
      ...smallEntries(wanted),
      textsEntry(headerTags.PAYLOADDIGEST, [digestOfPieces('sha256', [payload])]),
      numbersEntry(headerTags.PAYLOADDIGESTALGO, [8]),
    ],
    regionTags.immutable,
  );
  const signature = withRegion(
    [
      textEntry(signatureTags.SHA1HEADER, digestOfPieces('sha1', [header])),
      textEntry(signatureTags.SHA256HEADER, digestOfPieces('sha256', [header])),
      numbersEntry(signatureTags.SIZE, [header.length + payload.length]),
      {
        tag: signatureTags.MD5,
        type: headerTypes.bytes,
        count: 16,
        data: Buffer.from(digestOfPieces('md5', [header, payload]), 'hex'),
      },
    ],
    regionTags.signatures,
  );
  const padding = new Uint8Array((8 - (signature.length % 8)) % 8);
  return Buffer.concat([lead(wanted.isSource ?? false), signature, padding, header, payload]);
}

/** As `rpmbuild` closes a header: the first entry points to a last one, behind all data. */
export function withRegion(entries: readonly HeaderEntry[], tag: number): Uint8Array {
  const closing = new DataView(new ArrayBuffer(16));
  closing.setInt32(0, tag);
  closing.setUint32(4, headerTypes.bytes);
  closing.setInt32(8, -16 * (entries.length + 1));
  closing.setUint32(12, 16);
  const region: HeaderEntry = {
    tag,
    type: headerTypes.bytes,
    count: 16,
    data: new Uint8Array(closing.buffer),
  };
  // the writer lays data down in the order of tags: let the region come last, and then be the first of the index
  const bytes = writeHeader([...entries, { ...region, tag: 0x7fffffff }]);
  const count = entries.length + 1;
  const index = bytes.slice(16, 16 + count * 16);
  bytes.set(index.subarray((count - 1) * 16), 16);
  bytes.set(index.subarray(0, (count - 1) * 16), 32);
  new DataView(bytes.buffer).setInt32(16, tag);
  return bytes;
}

function lead(isSource: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(96));
  view.setUint32(0, 0xedabeedb);
  view.setUint8(4, 3);
  view.setUint16(6, isSource ? 1 : 0);
  view.setUint16(78, 5);
  return new Uint8Array(view.buffer);
}
