// SPDX-License-Identifier: GPL-2.0-or-later
import { beforeAll } from 'vitest';
import { rebuilding, requires } from './capabilities.ts';
import type { SmallSource } from './small-packages.ts';
import { writeSourceTree } from './small-packages.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
import { makeState, type TestDistribution, testDistribution } from './test-distribution.ts';

/** What tests of the whole engine share. */
export interface Engine {
  readonly distribution: TestDistribution;
  /** The options that choose the tests' distribution. */
  readonly from: readonly string[];
}

/** A place for one test: a state directory of its own and room for files, both gone when disposed. */
export interface Place extends AsyncDisposable {
  readonly state: string;
  readonly scratch: string;
  /** Writes an unpacked source; its path. */
  source(source: SmallSource): Promise<string>;
}

/** Opens a group of tests of the whole engine, as root. */
export function engineTests(name: string, body: (engine: Engine) => void): void {
  requires(...rebuilding)(name, () => {
    let distribution: TestDistribution | undefined;
    const engine: Engine = {
      get distribution() {
        if (distribution === undefined) throw new Error('only inside of a test');
        return distribution;
      },
      get from() {
        return ['--sources', engine.distribution.sourcesFile];
      },
    };
    beforeAll(async () => {
      distribution = await testDistribution();
    });
    body(engine);
  });
}

/** Makes a place. Its state has the snapshot and bases of the tests' distribution. */
export async function makePlace(engine: Engine): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const state = stack.use(await makeState(engine.distribution));
  const scratch: TemporaryDirectory = stack.use(await makeTemporaryDirectory('scratch-'));
  const undo = stack.move();
  return {
    state: state.path,
    scratch: scratch.path,
    source: (source) => writeSourceTree(source, scratch.path),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

/** A source whose build is this line of shell, as the build user in the source's directory. */
export function buildingWith(name: string, script: string): SmallSource {
  return {
    name,
    rules: `#!/usr/bin/make -f
%:
	@true
build: debian/built
debian/built:
	sh debian/build
	touch $@
binary: build
	false
`,
    files: { 'debian/build': script },
  };
}
