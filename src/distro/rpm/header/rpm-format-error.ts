// SPDX-License-Identifier: GPL-2.0-or-later

/** The bytes are no RPM file or header, or contradict themselves. Who reads the file makes a PasekaError of it. */
export class RpmFormatError extends Error {
  override readonly name = 'RpmFormatError';
}
