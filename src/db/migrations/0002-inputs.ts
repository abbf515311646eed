// SPDX-License-Identifier: GPL-2.0-or-later

/** What a task's result depends on, as one digest: finds the earlier task whose result holds. */
export const inputsMigration = `
ALTER TABLE tasks ADD COLUMN inputs TEXT;
CREATE INDEX tasks_by_inputs ON tasks (inputs) WHERE inputs IS NOT NULL;
`;
