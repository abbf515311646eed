// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { RecordedEvent, TaskId } from '../events/events.ts';
import { lightTask } from '../events/light-task.ts';

/** A task, and the number of the event that ended it. */
interface EndedTask {
  readonly task: TaskId;
  readonly seq: number;
}

/**
 * Keeps the state of a campaign that runs small: subscribe {@link read} after the database's writer. A task that has ended and is
 * in the database is made light when the next one ends, as those who read events may look at it until then.
 */
export class EndedTasks {
  /** The number of the last event that the database has. */
  readonly #committedSeq: () => number;
  #waiting: EndedTask[] = [];
  #isFirst = true;

  constructor(committedSeq: () => number) {
    this.#committedSeq = committedSeq;
  }

  readonly read = (event: RecordedEvent, state: CampaignState): void => {
    if (event.type !== 'task-ended') return;
    if (this.#isFirst) this.#takeEarlier(state, event.task);
    const committed = this.#committedSeq();
    const left: EndedTask[] = [];
    for (const one of this.#waiting) {
      const task = state.tasks.get(one.task);
      if (one.seq > committed) left.push(one);
      else if (task !== undefined && isSettled(task)) state.tasks.set(one.task, lightTask(task));
    }
    left.push({ task: event.task, seq: event.seq });
    this.#waiting = left;
  };

  /** What had ended before this process went on with the campaign. */
  #takeEarlier(state: CampaignState, first: TaskId): void {
    this.#isFirst = false;
    for (const { task, status } of state.tasks.values()) {
      if (status === 'ended' && task !== first) this.#waiting.push({ task, seq: 0 });
    }
  }
}

/** What this host's fault has ended is nothing yet: who gives up looks at it once more. */
function isSettled({ outcome, status }: TaskState): boolean {
  return status === 'ended' && outcome?.kind !== 'host-fault';
}
