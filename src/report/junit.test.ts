// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignStarted, taskEvents } from '../../tests/support/campaign-events.ts';
import { reportedCampaign } from '../../tests/support/reported-campaign.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { escapeXml, junitXml } from './junit.ts';

test('failures are the package’s, errors are others’, the rest is skipped', () => {
  expect(junitXml(reportedCampaign().state)).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="stable amd64 20260301-120000-abcd" tests="9" failures="4" errors="1" time="8.448">
      <testsuite name="builds" tests="8" failures="4" errors="1" time="8.403" skipped="2" timestamp="2026-03-01T12:00:00">
        <testcase name="alpha 1-1" classname="stable.amd64.builds" time="1.200"/>
        <testcase name="beta 1-1" classname="stable.amd64.builds" time="1.200">
          <failure message="failed (build): compile-error: beta.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;" type="compile-error">compile-error: beta.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;
    40: beta.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;</failure>
        </testcase>
        <testcase name="gamma 1-1" classname="stable.amd64.builds" time="1.200">
          <failure message="failed (build): compile-error: gamma.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;" type="compile-error">compile-error: gamma.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;
    40: gamma.c:1: fatal error: &lt;bee.h&gt;: No such file &amp; &quot;more&quot;</failure>
        </testcase>
        <testcase name="delta 1-1" classname="stable.amd64.builds" time="1.200">
          <failure message="unsatisfiable: the source needs wax" type="dependencies-unsatisfiable">the source needs wax
      but there is none</failure>
        </testcase>
        <testcase name="epsilon 1-1" classname="stable.amd64.builds" time="1.200">
          <failure message="timed out: after 1:00:00" type="timed-out">after 1:00:00</failure>
        </testcase>
        <testcase name="zeta 1-1" classname="stable.amd64.builds" time="1.200">
          <error message="host fault: disk-full: no space� left" type="host-fault">disk-full: no space� left</error>
        </testcase>
        <testcase name="eta 1-1" classname="stable.amd64.builds" time="1.200">
          <skipped message="cancelled"/>
        </testcase>
        <testcase name="theta 1-1" classname="stable.amd64.builds" time="0.000">
          <skipped message="not ended"/>
        </testcase>
      </testsuite>
      <testsuite name="install-checks" tests="1" failures="0" errors="0" time="0.045" skipped="0" timestamp="2026-03-01T12:00:00">
        <testcase name="alpha 1-1 (alpha)" classname="stable.amd64.install-checks" time="0.045"/>
      </testsuite>
    </testsuites>
    "
  `);
});

test('a source that is not for the architecture is skipped, and says why', () => {
  const explanation = 'it is for s390x only (ExclusiveArch)';
  const events = [
    campaignStarted('20260301-120000-abcd'),
    ...taskEvents(0, 'kappa', { kind: 'not-for-architecture', explanation }),
  ];
  const state = emptyCampaign();
  for (const [index, event] of events.entries()) applyEvent(state, { ...event, seq: index + 1, at: index });
  const xml = junitXml(state);
  expect(xml).toContain(`<skipped message="not for this architecture: ${explanation}"/>`);
  expect(xml).toContain('tests="1" failures="0" errors="0"');
});

test('any text becomes one that XML may have, and what it may have is kept', () => {
  const characters = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(characters, (text) => {
      const escaped = escapeXml(text);
      expect(escaped).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;)/);
      expect(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.test(escaped)).toBe(false);
    }),
    { numRuns: 100 },
  );
  expect(escapeXml('a <b> & "c" \u0007\ud800 😀')).toBe('a &lt;b&gt; &amp; &quot;c&quot; \ufffd\ufffd 😀');
});
