// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The environment for the host's own tools: fixed language and path, so that their output can be parsed, and
 * nothing of the user's that could change their behaviour.
 */
export function toolEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    HOME: '/nonexistent',
    DEBIAN_FRONTEND: 'noninteractive',
    ...extra,
  };
}
