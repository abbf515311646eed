// SPDX-License-Identifier: GPL-2.0-or-later
// Who may import whom (docs/ARCHITECTURE.md). `script/check` runs it; each comment is for whom it stops.

/** The rooms from top to bottom; a room may import those of lower rows, and of its neighbours in the same row only types (but cli composes server). */
const rows = [
  ['cli', 'server'],
  ['campaign', 'report'],
  ['layers', 'buildroot', 'sandbox', 'snapshot', 'schedule', 'db'],
  ['distro', 'store'],
  ['host'],
  ['events'],
  ['elf'],
  ['base'],
];

const tests = '[.]test[.]ts$';

const directions = rows.flatMap((row, index) => {
  const below = rows.slice(index + 1).flat();
  return row.flatMap((room) => {
    const known = [room, ...below, ...(room === 'cli' ? ['server'] : [])];
    const named = [...known, ...row];
    const from = { path: `^src/${room}/`, pathNot: tests };
    const comment = `src/${room} may import only ${known.join(', ')}, and types of its neighbours. Take what you need as an argument, or compose it higher up.`;
    return [
      {
        name: `direction-${room}`,
        severity: 'error',
        comment,
        from,
        to: { path: '^src/', pathNot: `^src/(${known.join('|')})/`, dependencyTypesNot: ['type-only'] },
      },
      {
        name: `direction-${room}-types`,
        severity: 'error',
        comment,
        from,
        to: { path: '^src/', pathNot: `^src/(${named.join('|')})/` },
      },
    ];
  });
});

/** Rooms and parts of rooms without input, output and clock; what opens files in them is named for that. */
const pure =
  '^src/(base|elf|events|schedule)/|^src/(layers/plan|campaign/(compare|classify)/)|^src/distro/(failure-rule|archive-failure-rules|compare-checked)[.]ts$|^src/distro/[^/]+/failure-rules[.]ts$|^src/distro/[^/]+/(catalog|check|resolve|metadata|header|apt-rpm)/(?!open-)|^src/distro/[^/]+/(deb822|version|rpm-version|spec-preamble)[.]ts$';

/** Builtins that touch neither machine nor network; all others are the host's. */
const harmless =
  '^(node:)?(assert|async_hooks|buffer|crypto|diagnostics_channel|events|module|path|perf_hooks|process|stream|string_decoder|timers|url|util|v8|zlib)(/|$)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directions,
    {
      name: 'known-room',
      severity: 'error',
      comment:
        'A folder of src that is no room of docs/ARCHITECTURE.md: find the room it belongs to, or add a row here.',
      from: { path: '^src/', pathNot: `^src/(${rows.flat().join('|')})/` },
      to: {},
    },
    {
      name: 'no-way-back',
      severity: 'error',
      comment: 'The program never imports its tests, benchmarks, scripts or dashboard.',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^(tests|bench|script|dashboard)/|[.]test[.]ts$' },
    },
    {
      name: 'dashboard-knows-events-only',
      severity: 'error',
      comment:
        "The dashboard knows the program by its events and the API's types (src/events, src/base, src/server/api).",
      from: { path: '^dashboard/' },
      to: { path: '^(src|tests|bench|script)/', pathNot: '^src/(events|base)/|^src/server/api' },
    },
    {
      name: 'pure-without-machine',
      severity: 'error',
      comment:
        'This part has no input, output or clock, so that it can be tested on 30,000 packages in seconds. Read the data elsewhere and pass it in.',
      from: { path: pure, pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib)$' },
    },
    {
      name: 'pure-imports-pure',
      severity: 'error',
      comment:
        'This part has no input, output or clock, but what it imports here may have: import types only, or pass it in.',
      from: { path: pure, pathNot: tests },
      to: { path: '^src/', pathNot: pure, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'crypto-only-in-base',
      severity: 'error',
      comment: 'Digests are made by src/base/digest.ts.',
      from: { path: pure, pathNot: `${tests}|^src/base/` },
      to: { path: '^(node:)?crypto$' },
    },
    {
      name: 'machine-only-in-host',
      severity: 'error',
      comment:
        'Only src/host touches files, processes, sockets and the system. Put a well-named function there and import it.',
      from: { path: '^src/', pathNot: `${tests}|^src/host/` },
      to: { dependencyTypes: ['core'], pathNot: `${harmless}|^(node:)?sqlite$` },
    },
    {
      name: 'native-only-in-host',
      severity: 'error',
      comment: 'koffi (system calls) and undici (network) are used in src/host only.',
      from: { path: '^src/', pathNot: `${tests}|^src/host/` },
      to: { path: '(^|/)node_modules/(koffi|undici)/' },
    },
    {
      name: 'sqlite-only-in-db',
      severity: 'error',
      comment: 'SQL stands in src/db only.',
      from: { path: '^src/', pathNot: `${tests}|^src/db/` },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'A cycle: these files are one thing, or one of them holds something that belongs to a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'This import does not resolve: a misspelt path, or a package that is not in package.json.',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'declared-dependency',
      severity: 'error',
      comment: 'The program and its page at run time may use only `dependencies` of package.json.',
      from: {
        path: '^(src|dashboard)/',
        pathNot: `${tests}|^dashboard/(vite[.]config|collect-licences)[.]ts$`,
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/|^tests/fixtures/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
