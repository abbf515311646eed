// SPDX-License-Identifier: GPL-2.0-or-later
import { getExtendedAttribute } from './system-calls.ts';

/** Whether a directory of an overlay's upper or lower hides the directories of that name below it. */
export function isOpaqueDirectory(directory: string): boolean {
  return ['trusted.overlay.opaque', 'user.overlay.opaque'].some(
    (name) => getExtendedAttribute(directory, name)?.[0] === 'y'.charCodeAt(0),
  );
}
