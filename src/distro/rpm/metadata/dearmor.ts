// SPDX-License-Identifier: GPL-2.0-or-later

const block = /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g;

/**
 * The binary keys of armoured blocks (RFC 9580, section 6), all of a text's in a row; undefined where it has none. Their
 * checksums are left alone: what was spoilt is no key.
 */
export function dearmor(text: string): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  for (const [, body = ''] of text.matchAll(block)) {
    const lines = body.split(/\r?\n/).map((line) => line.trim());
    const blank = lines.indexOf('');
    const base64 = lines
      .slice(blank + 1)
      .filter((line) => !line.startsWith('='))
      .join('');
    if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined;
    pieces.push(Buffer.from(base64, 'base64'));
  }
  return pieces.length === 0 ? undefined : Buffer.concat(pieces);
}
