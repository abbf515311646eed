// SPDX-License-Identifier: GPL-2.0-or-later
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { CampaignList } from '../../src/server/api/campaigns.ts';
import { useDocument } from '../data/hooks.ts';

/** Leads to the comparison with another campaign of the same architecture, the earlier one being the baseline. */
export function CompareChoice({
  campaign,
  architecture,
}: {
  readonly campaign: string;
  readonly architecture: string;
}): ReactElement | null {
  const { data } = useDocument<CampaignList>('/api/campaigns');
  const navigate = useNavigate();
  const others = (data?.campaigns ?? []).filter(
    (one) => one.id !== campaign && one.architecture === architecture,
  );
  if (others.length === 0) return null;
  return (
    <label>
      <span className="visually-hidden">Compare with</span>
      <select
        value=""
        onChange={({ target }) => {
          const [baseline = '', candidate = ''] = [campaign, target.value].sort();
          void navigate({ to: '/compare/$baseline/$candidate', params: { baseline, candidate } });
        }}
      >
        <option value="">compare with</option>
        {others.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}
