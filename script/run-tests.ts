// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Runs vitest with the arguments given and ends with a line of its own, `N passed, N failed, N skipped`, over all
 * projects. A file that fails outside its tests, a run that fails or crashes without naming a test, and a gate that
 * failed before (first argument `--gate-failed`) each count as one failure. Exit status 0 only where something passed and
 * nothing failed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunPlace } from '../tests/support/run-place.ts';

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The part of vitest's JSON report that is used here. */
interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const gateFailed = process.argv[2] === '--gate-failed';
const place = openRunPlace(tmpdir(), 'tally');
const reportFile = join(place.path, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
const status = await runVitest([...reporters, ...process.argv.slice(gateFailed ? 3 : 2)]);
const { passed, failed, skipped } = count(readReport(reportFile), status === 0);
place[Symbol.dispose]();
const allFailed = failed + (gateFailed ? 1 : 0);
process.stdout.write(`\n${passed} passed, ${allFailed} failed, ${skipped} skipped\n`);
process.exitCode = passed > 0 && allFailed === 0 ? 0 : 1;

/** Gives its exit status, null after a signal. Being stopped, it stops vitest and waits for the end. */
async function runVitest(args: readonly string[]): Promise<number | null> {
  const vitest = join(import.meta.dirname, '../node_modules/.bin/vitest');
  const child = spawn(vitest, ['run', '--configLoader=native', ...args], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined); // the terminal sends it to both
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { testResults: [] }; // it crashed before it could write one: its exit status tells
  }
}

function count(report: Report, hasSucceeded: boolean): Tally {
  const tests = report.testResults.flatMap((file) => file.assertionResults.map((test) => test.status));
  const passed = tests.filter((test) => test === 'passed').length;
  const failed = tests.filter((test) => test === 'failed').length;
  const failedOutsideTests = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const allFailed = failed + failedOutsideTests;
  return {
    passed,
    failed: allFailed === 0 && !hasSucceeded ? 1 : allFailed,
    skipped: tests.length - passed - failed,
  };
}
