// SPDX-License-Identifier: GPL-2.0-or-later
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readLayers } from '../../src/layers/layer-description.ts';
import { engineTests } from '../support/engine-tests.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { realSets } from '../support/real-sets.ts';

interface Compared {
  readonly equal: boolean;
  readonly made: string;
  readonly packages: number;
  readonly differences: readonly unknown[];
}

engineTests('layers of the real archive', (engine) => {
  // made anew: what an earlier run left proves nothing of this program
  beforeAll(() =>
    rm(join(engine.distribution.archive.stateDirectory, 'layers'), { recursive: true, force: true }),
  );

  test.each(Object.entries(realSets))(
    '%s: what is linked over a part of it is what apt installs at once',
    async (_name, { packages = [], part, isAtOnce = false }) => {
      const { stateDirectory, suite } = engine.distribution.archive;
      const place = { state: stateDirectory };
      const there = ['run', '--suite', suite, '--packages', part.join(), '--', 'true'];
      expect(await paseka(there, place)).toMatchObject({ status: 0 });
      const asked = packages.flatMap((name) => ['--package', name]);
      const compared = await pasekaJson<Compared>(['layer', 'compare', '--suite', suite, ...asked], 0, place);
      expect(compared).toMatchObject({ equal: true, made: 'linked', differences: [] });
      const layers = [...(await readLayers(join(stateDirectory, 'layers'))).values()];
      const ofThatSize = layers.filter((layer) => layer.packages.length === compared.packages);
      if (!isAtOnce) expect(ofThatSize.some(({ parent }) => parent !== null)).toBe(true);
    },
  );
});
