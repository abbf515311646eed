// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';

/** `20260301-142530-3f2a`: sorts by time, and two started in one second differ. */
export function makeCampaignId(now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}
