// SPDX-License-Identifier: GPL-2.0-or-later
import type { TaskId } from '../events/events.ts';
import type { Outcome } from '../events/outcome.ts';
import type { Database } from './database.ts';

/** How a source of a campaign ended in an earlier one on the same snapshot, without any change. */
export interface EarlierTry {
  readonly campaign: string;
  readonly outcome: Outcome;
  readonly attempts: readonly { readonly outcome: Outcome }[];
  /** Whether its packages were install-checked. */
  readonly isChecked: boolean;
}

/** Looks for what earlier campaigns say of the sources of a campaign, all in the database. */
export class EarlierTries {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Campaigns on the same snapshot without a change, newest first, with what each was started with. */
  campaigns(campaign: string): { readonly id: string; readonly request: string }[] {
    return this.#database.all(
      `SELECT old.id, ifnull(old.request, '{}') AS request FROM campaigns AS own JOIN campaigns AS old USING (snapshot)
        WHERE own.id = ? AND old.number <> own.number AND old.overlay IS NULL ORDER BY old.number DESC`,
      campaign,
    );
  }

  /**
   * By tasks of a campaign: the tries of the same source and version in some other campaigns, newest first. Only what says
   * something of the source by itself: what met a limit may have had a smaller one than ours, and later levels of a
   * staged campaign were built with what its earlier ones gave.
   */
  find(campaign: string, among: readonly string[]): Map<TaskId, EarlierTry[]> {
    const rows = this.#database.all<TryRow>(
      `SELECT own.task, other.id AS campaign, attempts.outcome, stage, attempts.detail, failure_class AS class, fingerprint,
          decisive_lines AS lines, old.campaign AS number, old.task AS place,
          EXISTS (SELECT 1 FROM install_checks AS checks WHERE checks.campaign = old.campaign AND checks.task = old.task) AS isChecked
        FROM tasks AS own JOIN tasks AS old ON old.source = own.source AND old.version = own.version
          JOIN campaigns AS other ON other.number = old.campaign
          JOIN attempts ON attempts.campaign = old.campaign AND attempts.task = old.task
        WHERE own.campaign = (SELECT number FROM campaigns WHERE id = ?1)
          AND other.id IN (SELECT value FROM json_each(?2)) AND ifnull(old.level, 0) = 0
          AND old.outcome IN ('built', 'failed', 'dependencies-unsatisfiable')
        ORDER BY own.task, old.campaign DESC, old.task, attempt`,
      campaign,
      JSON.stringify(among),
    );
    const found = new Map<TaskId, EarlierTry[]>();
    for (const [{ task, isChecked, campaign: id }, attempts] of groupsOf(rows)) {
      const outcomes = attempts.map((row) => ({ outcome: outcomeOf(row) }));
      const last = outcomes.at(-1);
      if (last === undefined) continue;
      const tries = found.get(task) ?? [];
      tries.push({ campaign: id, outcome: last.outcome, attempts: outcomes, isChecked: isChecked === 1 });
      found.set(task, tries);
    }
    return found;
  }
}

/** An attempt of an earlier task, beside the task of ours that it is an answer for. */
interface TryRow {
  readonly task: TaskId;
  readonly campaign: string;
  readonly number: number;
  readonly place: number;
  readonly outcome: Outcome['kind'];
  readonly stage: string | null;
  readonly detail: string;
  readonly class: string | null;
  readonly fingerprint: string | null;
  readonly lines: string | null;
  readonly isChecked: 0 | 1;
}

/** The attempts of each earlier task, which stand beside each other. */
function groupsOf(rows: readonly TryRow[]): [TryRow, TryRow[]][] {
  const groups: [TryRow, TryRow[]][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const isSame =
      last?.[0].task === row.task && last[0].number === row.number && last[0].place === row.place;
    if (last !== undefined && isSame) last[1].push(row);
    else groups.push([row, [row]]);
  }
  return groups;
}

/** What rows-of-events.ts made columns of. */
function outcomeOf({ outcome, stage, detail, class: sort, fingerprint, lines }: TryRow): Outcome {
  const failure =
    sort === null
      ? {}
      : { failure: { class: sort, fingerprint, lines: JSON.parse(lines ?? '[]') as unknown } };
  const where = stage === null ? {} : { stage };
  return { kind: outcome, ...where, ...(JSON.parse(detail) as object), ...failure } as Outcome;
}
