// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailureClass } from '../../src/events/failure.ts';
import type { Outcome, Phase } from '../../src/events/outcome.ts';
import type { SeededRandom } from './seeded-random.ts';

const beginnings = 'lib node- python- golang- ruby- gnome- kde- rust- r-cran- haskell- php- x'.split(' ');
const middles =
  'amber basalt cedar delta ember fennel granite hazel indigo juniper kestrel lichen maple nettle opal pine quartz rowan sable thyme umber violet willow yarrow zephyr'.split(
    ' ',
  );
const ends = 'core parse net util stream graph image crypt proxy store text math'.split(' ');

/** A name that could be a source package's; every number has its own. */
export function sourceName(index: number): string {
  const middle = middles[index % middles.length] ?? '';
  const rest = Math.floor(index / middles.length);
  const beginning = rest % 13 === 12 ? '' : (beginnings[rest % 13] ?? '');
  const further = Math.floor(rest / 13);
  const end = further === 0 ? '' : `-${ends[(further - 1) % ends.length]}`;
  const number = further <= ends.length ? '' : String(Math.floor((further - 1) / ends.length) + 1);
  return `${beginning}${middle}${end}${number}`;
}

interface Invented {
  readonly class: FailureClass;
  readonly stage: Phase;
  readonly weight: number;
  readonly line: (source: string) => string;
  readonly fingerprint: string;
}

const failures: readonly [Invented, ...Invented[]] = [
  {
    class: 'compile-error',
    stage: 'build',
    weight: 9,
    line: (source) => `src/${source}.c:214:9: error: implicit declaration of function 'strlcpy'`,
    fingerprint: "error: implicit declaration of function 'strlcpy'",
  },
  {
    class: 'compile-error',
    stage: 'build',
    weight: 4,
    line: (source) => `${source}/_speedups.c:57:28: error: 'PyThreadState' has no member named 'use_tracing'`,
    fingerprint: "error: 'PyThreadState' has no member named 'use_tracing'",
  },
  {
    class: 'missing-dependency',
    stage: 'build',
    weight: 6,
    line: () => "ModuleNotFoundError: No module named 'distutils'",
    fingerprint: "ModuleNotFoundError: No module named 'distutils'",
  },
  {
    class: 'test-failure',
    stage: 'build',
    weight: 5,
    line: (source) => `FAILED tests/test_${source.replaceAll('-', '_')}.py::test_round_trip - AssertionError`,
    fingerprint: 'FAILED tests/test_NAME.py::test_round_trip - AssertionError',
  },
  {
    class: 'linker-error',
    stage: 'build',
    weight: 2,
    line: () => '/usr/bin/ld: cannot find -lssl3: No such file or directory',
    fingerprint: 'ld: cannot find -lssl3',
  },
  {
    class: 'symbols',
    stage: 'build',
    weight: 2,
    line: () => 'dpkg-gensymbols: error: some symbols or patterns disappeared in the symbols file',
    fingerprint: 'dpkg-gensymbols: error: some symbols or patterns disappeared',
  },
  {
    class: 'maintainer-script',
    stage: 'install-check',
    weight: 1,
    line: (source) => `${source}, remove: postrm: 12: update-ghost: not found`,
    fingerprint: 'postrm: update-ghost: not found',
  },
];

/** How a package might fail; of that class where one is named. */
export function inventFailure(random: SeededRandom, source: string, wanted?: FailureClass): Outcome {
  const other = wanted === undefined ? random.below(60) : 99;
  if (other < 5) {
    const explanation = `${source} needs libumber-dev (>= 4.2), but only 4.1.1-2 is there\nlibumber-dev 4.1.1-2 is the only version in trixie`;
    return { kind: 'dependencies-unsatisfiable', explanation };
  }
  if (other === 5) return { kind: 'out-of-memory', limitBytes: 4 * 1024 ** 3 };
  if (other === 6) return { kind: 'idle-timed-out', limitMs: 1_800_000 };
  if (other === 7) {
    return { kind: 'host-fault', code: 'mirror-unreachable', message: 'the mirror closed the connection' };
  }
  const kinds = wanted === undefined ? failures : failures.filter(({ class: kind }) => kind === wanted);
  let place = random.below(kinds.map(({ weight }) => weight).reduce((sum, weight) => sum + weight, 0));
  const kind = kinds.find(({ weight }) => (place -= weight) < 0) ?? failures[0];
  const text = kind.line(source);
  const lines = [
    { line: 412, text },
    { line: 413, text: '      |         ^~~~~~~' },
    { line: 431, text: 'make[2]: *** [Makefile:88: all] Error 2' },
  ];
  return {
    kind: 'failed',
    stage: kind.stage,
    reason:
      kind.stage === 'build'
        ? 'dpkg-buildpackage: error: debian/rules binary subprocess returned exit status 2'
        : text,
    failure: {
      class: kind.class,
      lines: kind.class === 'compile-error' ? lines : lines.slice(0, 1),
      fingerprint: kind.fingerprint,
    },
  };
}
