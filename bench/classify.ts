// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * How well failed logs are classified, by the labelled set of tests/fixtures/failed-logs, and how fast a long one is read.
 *   node bench/classify.ts [MEGABYTES]
 */
import { FailureReader } from '../src/campaign/classify/failure-reader.ts';
import { debianFailures } from '../src/distro/deb/failure-rules.ts';
import { judgeFailedLogs, mistakes, readFailedLog, scoreTable } from '../tests/support/failed-logs.ts';

const megabytes = Number(process.argv[2] ?? 200);
const logs = judgeFailedLogs();
process.stdout.write(`${scoreTable(logs)}\n\n${mistakes(logs).join('\n')}\n\n`);

const lines = logs
  .flatMap(({ log }) => readFailedLog(log).split('\n'))
  .filter((line) => !line.startsWith('== '));
const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
const rounds = Math.ceil((megabytes * 1e6) / bytes);
const reader = new FailureReader(debianFailures, { source: 'hive', version: '1.0-1' });
const started = process.cpuUsage();
for (let round = 0; round < rounds; round++) for (const line of lines) reader.take(line);
reader.end('');
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1e6;
process.stdout.write(
  `all failed logs one after the other, ${rounds} times: ${Math.round((rounds * bytes) / 1e6)} MB in ${seconds.toFixed(1)} s of processor time, ${Math.round((rounds * bytes) / 1e6 / seconds)} MB/s\n`,
);
