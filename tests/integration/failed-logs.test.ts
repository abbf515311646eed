// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { failedStage } from '../../src/distro/rpm/rpm-messages.ts';
import {
  isRpmLog,
  judgeFailedLogs,
  mistakes,
  readFailedLog,
  readFailure,
  scoreOf,
  scoreTable,
} from '../support/failed-logs.ts';

const logs = judgeFailedLogs();
const heldOut = logs.filter((log) => log.heldOut);

test('the labelled set is large and varied, and a third of it is held out', () => {
  expect(logs.length).toBeGreaterThanOrEqual(60);
  expect(new Set(logs.map(({ failure }) => failure.fingerprint.split(':')[0])).size).toBeGreaterThanOrEqual(
    20,
  );
  expect(heldOut.length).toBeGreaterThanOrEqual(Math.floor(logs.length / 3));
  for (const { log, lines } of logs) {
    const text = readFailedLog(log).split('\n');
    expect(text.length, log).toBeLessThanOrEqual(301);
    for (const line of lines) expect(text[line - 1]?.trim(), `${log}, line ${line}`).toBeTruthy();
  }
});

test('failed logs of real builds get the class and the decisive line that a person gave them', () => {
  process.stdout.write(`${scoreTable(logs)}\n${mistakes(logs).join('\n')}\n`);
  const all = scoreOf(logs);
  expect(all.precision).toBeGreaterThanOrEqual(0.95);
  expect(all.recall).toBeGreaterThanOrEqual(0.95);
  expect(all.decisiveLine).toBeGreaterThanOrEqual(0.95);
  const unseen = scoreOf(heldOut);
  expect(unseen.precision).toBeGreaterThanOrEqual(0.93);
  expect(unseen.recall).toBeGreaterThanOrEqual(0.9);
});

test('so do those of RPM sources, whose step that failed is told from what rpmbuild says', () => {
  const ofRpm = logs.filter(isRpmLog);
  expect(ofRpm.length).toBeGreaterThanOrEqual(60);
  const score = scoreOf(ofRpm);
  expect(score.precision).toBeGreaterThanOrEqual(0.95);
  expect(score.recall).toBeGreaterThanOrEqual(0.93);
  expect(score.decisiveLine).toBeGreaterThanOrEqual(0.93);
  const built = ofRpm.filter(({ stage }) => stage === 'unpack' || stage === 'build');
  expect(Object.fromEntries(built.map(({ log }) => [log, failedStage(readFailedLog(log))]))).toEqual(
    Object.fromEntries(built.map(({ log, stage }) => [log, stage])),
  );
});

test('the same missing header in two packages is one fingerprint; names, versions and places make no difference', () => {
  const fingerprints = logs.filter(({ failure }) => failure.fingerprint.startsWith('missing-header'));
  expect(new Set(fingerprints.map(({ failure }) => failure.fingerprint)).size).toBe(
    new Set(fingerprints.map(({ log }) => log)).size,
  );
  for (const { log, source, version, failure } of fingerprints) {
    const moved = readFailedLog(log)
      .replaceAll(source, 'apiary')
      .replaceAll(version, '9.9-9')
      .replaceAll(/(\.c(?:pp)?):\d+:\d+:/g, '$1:4711:1:');
    expect(readFailure(moved, { log, source: 'apiary', version: '9.9-9' }).fingerprint, log).toBe(
      failure.fingerprint,
    );
  }
});

test('names of this machine are in no log', () => {
  for (const { log } of logs) {
    expect(readFailedLog(log), log).not.toMatch(
      /\/var\/tmp\/(?!rpm-tmp\.)|\/root\/|@(?!example\.org)[\w-]+\.(?:org|com|net)\b/,
    );
  }
});
