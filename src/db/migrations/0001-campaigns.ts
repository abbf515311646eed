// SPDX-License-Identifier: GPL-2.0-or-later

/**
 * Campaigns, their events, and what is read off the events when something has ended. `events` is the truth; the rows of
 * tasks, attempts and the like are there to be searched over many campaigns. Times are milliseconds since the epoch,
 * durations milliseconds, sizes bytes. `detail` is JSON: what an outcome says besides its kind.
 */
export const campaignsMigration = `
CREATE TABLE snapshots (
  id TEXT NOT NULL PRIMARY KEY,
  suite TEXT NOT NULL,
  architecture TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  snapshot TEXT NOT NULL REFERENCES snapshots (id),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  cancelled INTEGER NOT NULL DEFAULT 0,
  workers INTEGER NOT NULL,
  overlay TEXT,
  baseline_of TEXT,
  tasks INTEGER NOT NULL DEFAULT 0,
  ended INTEGER NOT NULL DEFAULT 0,
  built INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0,
  request TEXT,
  runner TEXT
) STRICT;
CREATE INDEX campaigns_by_snapshot ON campaigns (snapshot);

CREATE TABLE events (
  campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (campaign, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
  task INTEGER NOT NULL,
  source TEXT NOT NULL,
  version TEXT NOT NULL,
  level INTEGER,
  outcome TEXT,
  detail TEXT,
  ended_at INTEGER,
  verdict TEXT,
  reused_from TEXT,
  PRIMARY KEY (campaign, task)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_by_source ON tasks (source, campaign);

CREATE TABLE attempts (
  campaign INTEGER NOT NULL,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  worker INTEGER,
  parallel INTEGER,
  alone INTEGER,
  log TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  stage TEXT,
  detail TEXT NOT NULL,
  failure_class TEXT,
  fingerprint TEXT,
  decisive_lines TEXT,
  wall_ms REAL NOT NULL,
  build_ms REAL NOT NULL,
  build_cpu_ms REAL NOT NULL,
  cpu_ms REAL NOT NULL,
  peak_memory_bytes INTEGER NOT NULL,
  upper_bytes INTEGER NOT NULL,
  PRIMARY KEY (campaign, task, attempt),
  FOREIGN KEY (campaign, task) REFERENCES tasks (campaign, task) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE phases (
  campaign INTEGER NOT NULL,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  place INTEGER NOT NULL,
  phase TEXT NOT NULL,
  detail TEXT,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (campaign, task, attempt, place),
  FOREIGN KEY (campaign, task, attempt) REFERENCES attempts (campaign, task, attempt) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE install_checks (
  campaign INTEGER NOT NULL,
  task INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  place INTEGER NOT NULL,
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  warnings TEXT NOT NULL,
  wall_ms REAL NOT NULL,
  decided_by TEXT,
  PRIMARY KEY (campaign, task, attempt, place),
  FOREIGN KEY (campaign, task, attempt) REFERENCES attempts (campaign, task, attempt) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE artifacts (
  campaign INTEGER NOT NULL,
  task INTEGER NOT NULL,
  file TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (campaign, task, file),
  FOREIGN KEY (campaign, task) REFERENCES tasks (campaign, task) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE notes (
  campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  level TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (campaign, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_samples (
  campaign INTEGER NOT NULL REFERENCES campaigns (number) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  upper_bytes INTEGER NOT NULL,
  available_bytes INTEGER NOT NULL,
  busy_cores REAL NOT NULL,
  cpu_pressure REAL,
  memory_pressure REAL,
  io_pressure REAL,
  PRIMARY KEY (campaign, seq)
) STRICT, WITHOUT ROWID;
`;
