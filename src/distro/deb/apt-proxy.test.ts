// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { AptConfiguration } from './apt-configuration.ts';
import { chooseProxy } from './apt-proxy.ts';

const http = new URL('http://mirror.example.org/debian/a');
const https = new URL('https://mirror.example.org/debian/a');

function proxy(
  url: URL,
  settings: Record<string, string>,
  environment: Record<string, string> = {},
): unknown {
  const choice = chooseProxy(url, new AptConfiguration(Object.entries(settings)), environment);
  return choice.kind === 'fixed' ? choice.proxy : choice;
}

test('without any setting there is none', () => {
  expect(proxy(http, {})).toBeUndefined();
});

test("https defaults to http's", () => {
  const settings = { 'Acquire::http::Proxy': 'http://cache:3142' };
  expect(proxy(http, settings)).toBe('http://cache:3142');
  expect(proxy(https, settings)).toBe('http://cache:3142');
  expect(proxy(https, { ...settings, 'Acquire::https::Proxy': 'DIRECT' })).toBeUndefined();
});

test('the setting for a host comes before all others', () => {
  const settings = {
    'Acquire::http::Proxy': 'http://cache:3142',
    'Acquire::http::Proxy::mirror.example.org': 'DIRECT',
    'Acquire::http::Proxy-Auto-Detect': '/usr/bin/detect',
  };
  expect(proxy(http, settings)).toBeUndefined();
});

test('a command is asked before the general setting holds', () => {
  const settings = {
    'Acquire::http::Proxy': 'cache:3142',
    'Acquire::http::ProxyAutoDetect': '/usr/bin/detect',
  };
  expect(proxy(http, settings)).toEqual({
    kind: 'ask',
    command: '/usr/bin/detect',
    otherwise: 'http://cache:3142',
  });
});

test('the environment counts where apt says nothing, but for the excepted hosts', () => {
  const environment = { http_proxy: 'http://p:1', https_proxy: 'http://q:2' };
  expect(proxy(http, {}, environment)).toBe('http://p:1');
  expect(proxy(https, {}, environment)).toBe('http://q:2');
  expect(proxy(http, { 'Acquire::http::Proxy': 'http://cache:3142' }, environment)).toBe('http://cache:3142');
  for (const exception of ['mirror.example.org', '.example.org', 'example.org', 'x,*']) {
    expect(proxy(http, {}, { ...environment, no_proxy: exception }), exception).toBeUndefined();
  }
  expect(proxy(http, {}, { ...environment, no_proxy: 'ample.org,other' })).toBe('http://p:1');
});
