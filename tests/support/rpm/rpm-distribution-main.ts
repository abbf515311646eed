// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node tests/support/rpm/rpm-distribution-main.ts
 *
 * Makes the tests' RPM distribution where this machine has none, and prints the path of its `.repo` file.
 */
import { rpmDistribution } from './rpm-distribution.ts';

const { repoFile } = await rpmDistribution();
process.stdout.write(`${repoFile}\n`);
