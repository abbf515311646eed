// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { buildingWith, type Place } from './engine-tests.ts';
import type { RunningPaseka } from './paseka.ts';

/** A build that says `begun` and goes on when the gate is opened. */
export const waiting = buildingWith(
  'waiting',
  'mkfifo ../gate; echo begun; read word <../gate; echo "error: $word"; exit 1',
);

/** Lets the waiting build go on, from outside: the buildroot is only in the program's own mount namespace. */
export function openGate(place: Pick<Place, 'state'>, running: Pick<RunningPaseka, 'pid'>): void {
  const [gate] = globSync(`/proc/${running.pid}/root${place.state}/run/*/roots/*/root/build/gate`);
  expect(gate).toBeDefined();
  writeFileSync(gate ?? '', 'opened\n');
}
