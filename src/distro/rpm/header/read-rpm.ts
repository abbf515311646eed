// SPDX-License-Identifier: GPL-2.0-or-later
import type { DigestAlgorithm } from '../../../base/digest.ts';
import { headerTags, signatureTags } from './header-tags.ts';
import { bytesOf, numberOf, textOf } from './header-values.ts';
import { type Header, headerIntroBytes, headerLength, readHeader } from './read-header.ts';
import { RpmFormatError } from './rpm-format-error.ts';

/** What stands before the payload of an RPM file. */
export interface RpmStart {
  readonly isSource: boolean;
  readonly signature: Header;
  readonly header: Header;
  /** Where the main header begins: what the signature header's size and MD5 are of. */
  readonly headerStart: number;
  /** Where the payload begins. */
  readonly payloadStart: number;
}

const leadBytes = 96;
const leadMagic = [0xed, 0xab, 0xee, 0xdb] as const;

/**
 * Reads lead, signature header and main header. Where `bytes` end before they do, the number of bytes that are needed
 * to go on; the caller knows whether the file has them. Throws {@link RpmFormatError} for what is no RPM file.
 */
export function readRpmStart(bytes: Uint8Array): RpmStart | number {
  if (!leadMagic.every((byte, index) => index >= bytes.length || bytes[index] === byte)) {
    throw new RpmFormatError('it does not begin as an RPM file does');
  }
  if (bytes.length < leadBytes + headerIntroBytes) return leadBytes + headerIntroBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, leadBytes);
  const format = view.getUint8(4);
  if (format !== 3 && format !== 4) throw new RpmFormatError(`an RPM file of format ${format}`);
  if (view.getUint16(78) !== 5) throw new RpmFormatError('its signature is no header');
  const signatureEnd = leadBytes + headerLength(bytes, leadBytes);
  const headerStart = Math.ceil(signatureEnd / 8) * 8;
  if (bytes.length < headerStart + headerIntroBytes) return headerStart + headerIntroBytes;
  const needed = headerStart + headerLength(bytes, headerStart);
  if (bytes.length < needed) return needed;
  const header = readHeader(bytes, headerStart);
  return {
    isSource: isSourceHeader(header),
    signature: readHeader(bytes, leadBytes),
    header,
    headerStart,
    payloadStart: header.end,
  };
}

/** Whether a header is that of a source package: those alone name no source that they were built from. */
export function isSourceHeader(header: Header): boolean {
  return header.entries.has(headerTags.SOURCEPACKAGE) || textOf(header, headerTags.SOURCERPM) === undefined;
}

/** A digest that an RPM file promises, and of which bytes of the file. */
export interface PromisedDigest {
  readonly algorithm: DigestAlgorithm;
  readonly hex: string;
  /** `header`: what is signed of it. `payload`: all after the headers. `both`: all from the main header on. */
  readonly of: 'header' | 'payload' | 'both';
}

/** Numbers of digest algorithms (RFC 4880, 9.4), as far as rpm uses them. */
const algorithms: Readonly<Record<number, DigestAlgorithm>> = {
  1: 'md5',
  2: 'sha1',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
};

/**
 * The digests by which a file can be checked without keys, the strongest one of each part; empty for files older than any.
 * Throws {@link RpmFormatError}.
 */
export function promisedDigests({ signature, header }: RpmStart): readonly PromisedDigest[] {
  const digests: PromisedDigest[] = [];
  const sha256 = textOf(signature, signatureTags.SHA256HEADER);
  const sha1 = textOf(signature, signatureTags.SHA1HEADER);
  if (sha256 !== undefined) digests.push({ algorithm: 'sha256', hex: sha256, of: 'header' });
  else if (sha1 !== undefined) digests.push({ algorithm: 'sha1', hex: sha1, of: 'header' });
  const payload = textOf(header, headerTags.PAYLOADDIGEST);
  const algorithm = algorithms[numberOf(header, headerTags.PAYLOADDIGESTALGO) ?? 0];
  const md5 = bytesOf(signature, signatureTags.MD5);
  if (payload !== undefined && algorithm !== undefined) {
    digests.push({ algorithm, hex: payload, of: 'payload' });
  } else if (md5 !== undefined) {
    digests.push({ algorithm: 'md5', hex: Buffer.from(md5).toString('hex'), of: 'both' });
  }
  return digests;
}

/** The bytes of header and payload, as the signature header says. */
export function promisedBytes({ signature }: RpmStart): number | undefined {
  return numberOf(signature, signatureTags.LONGSIZE) ?? numberOf(signature, signatureTags.SIZE);
}
