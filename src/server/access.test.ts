// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { type AccessRules, judgeAccess } from './access.ts';

const rules: AccessRules = {
  hosts: new Set(['builds.example.org', '192.0.2.1:8460']),
  token: 'secret',
  isReadingGuarded: true,
  cookie: 'paseka-8460',
};

function judged(path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): string {
  const all: Readonly<Record<string, string>> = { host: 'builds.example.org', ...headers };
  const access = judgeAccess(rules, { method, path, header: (name) => all[name] });
  return access.kind === 'allowed' ? 'allowed' : String(access.status);
}

test('where reading is guarded, the page comes without the token and what campaigns say does not', () => {
  const fromElsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(judged('/campaigns/some', fromElsewhere)).toBe('allowed');
  for (const path of ['/', '/app.js', '/health']) expect(judged(path)).toBe('allowed');
  for (const path of ['/api/campaigns', '/metrics']) {
    expect(judged(path)).toBe('401');
    expect(judged(path, { cookie: 'a=b; paseka-8460=secret' })).toBe('allowed');
    expect(judged(path, { cookie: 'paseka-8461=secret' })).toBe('401');
  }
  expect(judged('/campaigns/some', {}, 'POST')).toBe('401');
});

test('a proxy may speak TLS with the browser, for the same host', () => {
  const cookie = 'paseka-8460=secret';
  expect(judged('/api/campaigns', { cookie, origin: 'https://builds.example.org' })).toBe('allowed');
  expect(judged('/api/campaigns', { cookie, origin: 'https://192.0.2.1:8460' })).toBe('403');
  expect(judged('/api/campaigns', { cookie, origin: 'null' })).toBe('403');
});
