// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { debian } from '../../src/distro/deb/debian.ts';
import { openFrozenCatalog } from '../../src/distro/deb/open-frozen-catalog.ts';
import { openStateDirectory } from '../../src/host/state-directory.ts';
import { planLayers } from '../../src/layers/plan/plan-layers.ts';
import { SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { archiveInstallSets, statusOfBuildBase } from '../support/archive-install-sets.ts';
import { requires } from '../support/capabilities.ts';
import { checkPlan } from '../support/check-plan.ts';
import { openTestArchive } from '../support/test-archive.ts';
import { testCache } from '../support/test-cache.ts';

requires('mirror')('a plan for all sources of the real archive', () => {
  test('keeps its promises, and layers are shared', async () => {
    const archive = await openTestArchive(testCache);
    const snapshots = new SnapshotStore(await openStateDirectory(archive.stateDirectory), debian);
    await using opened = await snapshots.open(archive.snapshot);
    const { frozenDirectory, snapshot } = opened;
    const catalog = await openFrozenCatalog(frozenDirectory);
    const status = await statusOfBuildBase(frozenDirectory);
    const request = archiveInstallSets(catalog, status, snapshot.architecture);
    expect(request.tasks.length).toBeGreaterThan(30_000);
    const plan = planLayers(request);
    checkPlan(request, plan);
    expect(plan.costMs).toBeLessThan(plan.unsharedCostMs / 2);
  });
});
