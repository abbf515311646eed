// SPDX-License-Identifier: GPL-2.0-or-later
/** The proxy that the environment names for an address (`http_proxy`, `all_proxy`, `no_proxy`), as it stands there. */
export function proxyOfEnvironment(
  url: URL,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (isExcepted(url, environment['no_proxy'] ?? '')) return undefined;
  const proxy = environment[`${url.protocol.slice(0, -1)}_proxy`] ?? environment['all_proxy'];
  return proxy === '' ? undefined : proxy;
}

// names of hosts or domains, with or without a first dot, separated by commas; * for all
function isExcepted(url: URL, exceptions: string): boolean {
  return exceptions
    .split(/[\s,]+/)
    .map((exception) => exception.replace(/^\*?\./, ''))
    .some(
      (exception) =>
        exception !== '' &&
        (exception === '*' ||
          exception === url.host ||
          exception === url.hostname ||
          url.hostname.endsWith(`.${exception}`)),
    );
}
