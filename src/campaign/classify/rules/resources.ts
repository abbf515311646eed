// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** What a build may lack besides packages: room, memory, a network. */
export const resourceRules: readonly FailureRule[] = [
  ...rulesOf('disk-full', 'certain', [
    [
      'disk-full',
      ['No space left on device', 'no space left on device', 'ENOSPC'],
      /(?<what>[Nn]o space left on device|ENOSPC)/,
    ],
    ['disk-full', ['Disk quota exceeded'], /(?<what>Disk quota exceeded)/],
  ]),
  ...rulesOf('out-of-memory', 'certain', [
    ['out-of-memory', ['virtual memory exhausted'], /(?<what>virtual memory exhausted)/],
    [
      'out-of-memory',
      ['out of memory'],
      /^(?:cc1(?:plus)?|\S*ld|lto1|collect2|ar|as): (?<what>out of memory)/,
    ],
    [
      'compiler-killed',
      ['Killed signal terminated'],
      /fatal error: (?<what>Killed signal terminated program \S+)/,
    ],
    [
      'out-of-memory',
      ['ut of memory'],
      /^(?:\S+: )?(?<what>(?:Out of memory|out of memory)(?: in| during|!|,| allocating|$))/,
    ],
    [
      'out-of-memory',
      ['heap out of memory', 'OutOfMemoryError'],
      /(?<what>JavaScript heap out of memory|java\.lang\.OutOfMemoryError)/,
    ],
  ]),
  ...rulesOf('out-of-memory', 'likely', [
    [
      'out-of-memory',
      ['annot allocate memory', 'MemoryError', 'std::bad_alloc'],
      /(?<what>[Cc]annot allocate memory|^MemoryError|std::bad_alloc)/,
    ],
    ['killed', ['Killed'], /^(?:\/bin\/(?:ba)?sh: line \d+: +\d+ )?Killed\b/],
  ]),
  ...rulesOf('network', 'certain', [
    [
      'network',
      [
        'ould not resolve host',
        'unable to resolve host address',
        'emporary failure in name resolution',
        'emporary failure resolving',
        'Name or service not known',
        'getaddrinfo EAI_AGAIN',
        'getaddrinfo ENOTFOUND',
        'java.net.UnknownHostException',
        'Network is unreachable',
      ],
      /(?<what>[Cc]ould not resolve host|unable to resolve host address|[Tt]emporary failure (?:in name resolution|resolving)|Name or service not known|getaddrinfo (?:EAI_AGAIN|ENOTFOUND)|UnknownHostException|Network is unreachable)/,
    ],
    [
      'network',
      ['dial tcp'],
      /dial tcp.*(?<what>connection refused|no such host|network is unreachable|i\/o timeout|server misbehaving)/,
    ],
    [
      'network',
      ['failed to load external entity', 'Attempt to load network entity'],
      /(?<what>Attempt to load network entity|failed to load external entity) "?https?:/,
    ],
    [
      'network',
      ['Unable to connect to the registry', 'network request to https'],
      /npm (?:ERR!|error) network|Unable to connect to the registry/,
    ],
  ]),
];
