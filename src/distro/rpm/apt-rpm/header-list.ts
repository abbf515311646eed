// SPDX-License-Identifier: GPL-2.0-or-later
import { type Header, readHeader } from '../header/read-header.ts';

/**
 * The headers of a list of apt-rpm (`base/pkglist.NAME`, `base/srclist.NAME`), which stand one behind the other without
 * anything between them; an empty list has none. Copies nothing: `bytes` must stay as they are. Throws RpmFormatError at
 * the first place that is no header.
 */
export function* readHeaderList(bytes: Uint8Array): Generator<Header> {
  for (let offset = 0; offset < bytes.length; ) {
    const header = readHeader(bytes, offset);
    yield header;
    offset = header.end;
  }
}
