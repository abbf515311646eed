// SPDX-License-Identifier: GPL-2.0-or-later
const credentials = /^([a-z0-9+.-]+:\/\/)[^/@]*@/i;

/** An address without user name and password: what may be shown, logged and compared. */
export function publicUri(uri: string): string {
  return uri.replace(credentials, '$1');
}

/** Whether an address carries a user name or password. */
export function hasCredentials(uri: string): boolean {
  return credentials.test(uri);
}
