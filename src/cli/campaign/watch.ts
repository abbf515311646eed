// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { EventReader } from '../../campaign/event-recorder.ts';
import type { CampaignStore } from '../../db/campaign-store.ts';
import { isAllPassed } from '../../events/campaign-figures.ts';
import { applyEvent, emptyCampaign } from '../../events/fold.ts';
import { summaryTable } from '../../report/summary-table.ts';
import { exitStatus } from '../exit-status.ts';
import { showCampaign } from '../live-display.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import { catchStopSignals } from '../stop-signals.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';

const lookEveryMs = 250;
const pageEvents = 5000;

/** `paseka campaign watch`. */
export function watchVerb(): Verb {
  const command = new Command('watch')
    .description(
      'see a campaign go on that runs in another terminal; Ctrl-C ends the watching, not the campaign',
    )
    .argument('[ID]', 'its id, or the beginning of it (default: the newest)');
  return { command: addCommonOptions(command), run: runWatch };
}

/** Until the campaign ends, is interrupted, or the user has seen enough. */
async function runWatch(word: string | undefined, options: CommonOptions): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: () => undefined });
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const id = (word === undefined ? store.list()[0]?.id : store.find(word).id) ?? store.find('').id;
  const campaign = new WatchedCampaign(store, id);
  campaign.look();
  {
    using _display = showCampaign(campaign, output);
    while (!signals.stop.aborted && store.find(id).status === 'running') {
      await delay(lookEveryMs, undefined, { signal: signals.stop }).catch(() => undefined);
      campaign.look();
    }
  }
  const { state } = campaign;
  const { status } = store.find(id);
  output.result({ campaign: id, status, tasks: state.totals.tasks, built: state.totals.built }, () => {
    if (output.verbosity === 'quiet') return '';
    return status === 'running' ? `${id} goes on\n` : `${id} ${status}\n${summaryTable(state, output.style)}`;
  });
  // Who stops watching a campaign that goes on has what was asked for.
  return status === 'running' || (status === 'ended' && isAllPassed(state.totals))
    ? exitStatus.passed
    : exitStatus.notPassed;
}

/** What {@link showCampaign} wants of a campaign, read from the database. */
class WatchedCampaign {
  readonly state = emptyCampaign();
  readonly #store: CampaignStore;
  readonly #id: string;
  readonly #readers: EventReader[] = [];
  #seenAt = performance.now();

  constructor(store: CampaignStore, id: string) {
    this.#store = store;
    this.#id = id;
  }

  subscribe(reader: EventReader): void {
    this.#readers.push(reader);
  }

  /** What time it is for whoever runs it: this host's clock may have been set meanwhile. */
  now(): number {
    return this.state.at + (performance.now() - this.#seenAt);
  }

  /** Takes the events that have come, and hands each on. */
  look(): void {
    for (;;) {
      const events = this.#store.events(this.#id, this.state.seq, pageEvents);
      if (events.length > 0) this.#seenAt = performance.now();
      for (const event of events) {
        applyEvent(this.state, event);
        for (const reader of this.#readers) reader(event, this.state);
      }
      if (events.length < pageEvents) return;
    }
  }
}
