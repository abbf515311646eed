// SPDX-License-Identifier: GPL-2.0-or-later
import { isPasekaError } from './paseka-error.ts';

/**
 * The error that tells what happened, of one that was thrown while something was given back after another: the first, unless
 * what came later is a bug. A full disk, for one, fails the work and then the last write of what was open.
 */
export function unwrapSuppressed(error: unknown): unknown {
  if (!(error instanceof SuppressedError)) return error;
  const later = unwrapSuppressed(error.error);
  return isPasekaError(later) ? unwrapSuppressed(error.suppressed) : later;
}
