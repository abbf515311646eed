// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { reportedCampaign } from '../../tests/support/reported-campaign.ts';
import { mailText } from './mail-text.ts';

test('the subject has the counts, regressions come first, each failure with its cause', () => {
  expect(mailText(reportedCampaign())).toMatchInlineSnapshot(`
    "Subject: [paseka] stable amd64: 1 regression, 4 of 5 failed, 1 not ended (20260301-120000-abcd)

    Campaign:  20260301-120000-abcd, begun 2026-03-01 12:00 UTC
    Snapshot:  aaaaaaaaaaaa (stable, amd64)
    Change:    libbee1 2-1
    Result:    1 built, 2 failed, 1 dependencies-unsatisfiable, 1 timed-out, 1 host-fault, 1 cancelled of 8 sources in 1:16; 1 of 1 install checks passed

    Regressions: built without the change only (1)
      beta 1-1: failed (build): beta.c:1: fatal error: <bee.h>: No such file & "more"

    Failures with the same cause (1)
      2 sources: compile-error: beta.c:1: fatal error: <bee.h>: No such file & "more"
          beta gamma

    Failed (3)
      delta 1-1: unsatisfiable: the source needs wax
      epsilon 1-1: timed out: after 1:00:00
      gamma 1-1: failed (build): gamma.c:1: fatal error: <bee.h>: No such file & "more"
          fails since 2026-02-08 12:00 UTC

    Could not be tried here, which says nothing of them (1)
      zeta 1-1: host fault: disk-full: no space� left
    "
  `);
});
