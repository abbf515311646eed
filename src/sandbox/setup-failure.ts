// SPDX-License-Identifier: GPL-2.0-or-later

/** What bubblewrap or the entry said when a sandbox could not be set up, with what mends it where that is known. Pure. */
export function explainSetupFailure(said: string): string {
  const text = said.trim() === '' ? 'the sandbox ended before it was set up' : said.trim();
  const advice = advices.find(({ pattern }) => pattern.test(text))?.advice;
  return advice === undefined ? text : `${text} (${advice})`;
}

const advices: readonly { readonly pattern: RegExp; readonly advice: string }[] = [
  {
    pattern: /Can't mount proc/,
    advice:
      'this looks like a container that hides parts of /proc, over which the kernel allows no new one: start it with --privileged, or with --security-opt systempaths=unconfined',
  },
  {
    pattern: /RTM_NEWADDR|RTM_NEWLINK/,
    advice:
      'the host forbids network set-up in user namespaces: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    pattern: /max_\*_namespaces|ENOSPC/,
    advice: 'raise the limits of namespaces, /proc/sys/user/max_*_namespaces',
  },
  {
    pattern: /No permissions to create new namespace|Creating new namespace failed/,
    advice: 'the host forbids namespaces to this process: run as root, or allow user namespaces',
  },
  { pattern: /execvp \/bin\/sh/, advice: 'the root directory has no /bin/sh' },
  { pattern: /Can't find source path/, advice: 'what was to be bound into the root does not exist' },
];
