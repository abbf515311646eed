// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Where the tests keep what takes long to make, between runs: PASEKA_TEST_CACHE, or a directory of this machine's. It may
 * be removed at any time when no tests run.
 */
export const testCache: string = process.env['PASEKA_TEST_CACHE'] ?? '/var/tmp/paseka-test-cache';
