// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import type { OverlayProbe } from '../host/overlay-probe.ts';
import { chooseCloneMethod, choosePlace } from './clone-method.ts';

const works: OverlayProbe = { usable: true, renamesDirectories: true, keepsCapabilities: true };
const fails: OverlayProbe = { usable: false, reason: 'EINVAL' };
const tmpfs = { kind: 'tmpfs', sizeBytes: 100 } as const;
const disk = { kind: 'disk' } as const;
const sizedDisk = { kind: 'disk', sizeBytes: 100 } as const;

describe('what the probe found decides', () => {
  test.each([
    [works, works, 'overlay', tmpfs, disk],
    [works, fails, 'overlay', tmpfs, { kind: 'tmpfs', sizeBytes: 500 }],
    [fails, works, 'overlay', sizedDisk, disk],
    [fails, fails, 'copy', sizedDisk, disk],
  ] as const)('%#', (tmpfsUpper, diskUpper, method, forTmpfs, forDisk) => {
    const choice = chooseCloneMethod({ tmpfsUpper, diskUpper });
    expect(choice.method).toBe(method);
    expect(choosePlace(choice, tmpfs, 1000)).toEqual(forTmpfs);
    expect(choosePlace(choice, disk, 1000)).toEqual(forDisk);
    expect(choice.note === null).toBe(tmpfsUpper.usable && diskUpper.usable);
    expect(choice.note ?? 'EINVAL').toContain('EINVAL');
  });
});
