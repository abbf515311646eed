// SPDX-License-Identifier: GPL-2.0-or-later
import type { AccessRules } from './access.ts';
import type { StreamTarget } from './event-stream.ts';

/** What the web server gives to a handler beside the request: where it may write to by itself. */
export interface ServerEnvironment {
  readonly Bindings: { readonly outgoing: StreamTarget };
  /** Set before any handler is called. */
  readonly Variables: { readonly rules: AccessRules };
}
