// SPDX-License-Identifier: GPL-2.0-or-later

/** A binary public key as an armoured block (RFC 9580, section 6): rpm takes no other. */
export function armor(key: Uint8Array): string {
  const base64 = Buffer.from(key).toString('base64');
  return [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    '',
    ...(base64.match(/.{1,64}/g) ?? []),
    `=${checksum(key).toString('base64')}`,
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ].join('\n');
}

/** CRC-24 of RFC 9580, section 6.1.1. */
function checksum(content: Uint8Array): Buffer {
  let crc = 0xb704ce;
  for (const byte of content) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ ((crc & 0x800000) === 0 ? 0 : 0x1864cfb);
    crc &= 0xffffff;
  }
  return Buffer.from([crc >> 16, crc >> 8, crc]);
}
