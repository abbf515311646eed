// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { aptEnvironment, parseAptConfigDump } from './apt-configuration.ts';

const configuration = parseAptConfigDump(`Dir "/";
Dir::Etc "etc/apt";
Dir::Etc::netrc "auth.conf";
Dir::Etc::trusted "/srv/keys.gpg";
Acquire "";
Acquire::http "";
Acquire::http::Proxy "http://proxy.example.org:3128";
Acquire::http::Proxy::local.example.org "DIRECT";
Acquire::Languages:: "none";
`);

test('values are found without regard to case; empty ones are not set', () => {
  expect(configuration.get('acquire::HTTP::proxy')).toBe('http://proxy.example.org:3128');
  expect(configuration.get('Acquire::http')).toBeUndefined();
  expect(configuration.get('Acquire::nothing')).toBeUndefined();
});

test('a relative path is below the setting that contains it', () => {
  expect(configuration.path('Dir::Etc::netrc')).toBe('/etc/apt/auth.conf');
  expect(configuration.path('Dir::Etc::trusted')).toBe('/srv/keys.gpg');
  expect(configuration.path('Dir::Etc::absent')).toBeUndefined();
});

test('settings are selected by name, in order', () => {
  expect(configuration.select((name) => name.startsWith('Acquire::'))).toEqual([
    ['Acquire::http::Proxy', 'http://proxy.example.org:3128'],
    ['Acquire::http::Proxy::local.example.org', 'DIRECT'],
    ['Acquire::Languages::', 'none'],
  ]);
});

test("apt's programs see proxies and nothing else of the environment", () => {
  expect(aptEnvironment({ http_proxy: 'http://p', SECRET: 'x', PATH: '/bin' })).toEqual({
    PATH: '/bin',
    LC_ALL: 'C.UTF-8',
    http_proxy: 'http://p',
  });
});
