// SPDX-License-Identifier: GPL-2.0-or-later
import { errorCodes, isPasekaError } from '../base/paseka-error.ts';
import type { ErrorDocument } from './api/errors.ts';

/** The status codes of errors. */
export type ErrorStatus = 400 | 404 | 409 | 500 | 503;

/** The one place where errors become HTTP. */
export function httpError(error: unknown): {
  readonly status: ErrorStatus;
  readonly document: ErrorDocument;
} {
  if (!isPasekaError(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      status: 500,
      document: errorDocument('bug', message, 'please report it with what led to it'),
    };
  }
  return { status: statusOf(error.code), document: errorDocument(error.code, error.message, error.hint) };
}

export function errorDocument(code: string, message: string, hint: string): ErrorDocument {
  return { error: { code, message, hint } };
}

function statusOf(code: keyof typeof errorCodes): ErrorStatus {
  if (code.startsWith('unknown-')) return 404;
  if (code === 'state-busy' || code === 'campaign-not-running' || code === 'campaign-running') return 409;
  return errorCodes[code] === 'usage' ? 400 : 503;
}
