// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailureRule } from '../../distro/failure-rule.ts';
import { buildSystemRules } from './rules/build-systems.ts';
import { compilerRules } from './rules/compilers.ts';
import { crashRules } from './rules/crashes.ts';
import { documentationRules } from './rules/documentation.ts';
import { languageRules } from './rules/languages.ts';
import { patchRules } from './rules/patches.ts';
import { resourceRules } from './rules/resources.ts';
import { testRunnerRules } from './rules/test-runners.ts';

/** All that is known whatever the packaging system. Where two match one line with equal weight, the earlier counts. */
export const generalRules: readonly FailureRule[] = [
  ...resourceRules,
  ...documentationRules,
  ...compilerRules,
  ...buildSystemRules,
  ...patchRules,
  ...languageRules,
  ...crashRules,
  ...testRunnerRules,
];
