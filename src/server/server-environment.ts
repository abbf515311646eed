// SPDX-License-Identifier: GPL-2.0-or-later
import type { StreamTarget } from './event-stream.ts';

/** What the web server gives to a handler beside the request: where it may write to by itself. */
export interface ServerEnvironment {
  readonly Bindings: { readonly outgoing: StreamTarget };
}
