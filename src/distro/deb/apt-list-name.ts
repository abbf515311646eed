// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The name that apt gives the file of an address below `Dir::State::lists` (URItoFileName in its strutl.cc): without
 * scheme and credentials, some characters quoted, slashes as underscores.
 */
export function aptListName(uri: string): string {
  const bare = uri.replace(/^[a-z0-9+.-]+:(\/\/)?/i, '').replace(/^[^/@]*@/, '');
  const quoted = [...Buffer.from(bare)].map((byte) => {
    const char = String.fromCharCode(byte);
    const isQuoted = byte <= 0x20 || byte >= 0x7f || '\\|{}[]<>"^~_=!@#$%&*'.includes(char);
    return isQuoted ? `%${byte.toString(16).padStart(2, '0')}` : char;
  });
  return quoted.join('').replaceAll('/', '_');
}
