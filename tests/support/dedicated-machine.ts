// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Whether this machine is there for the tests alone, has all that they need, and runs nothing else meanwhile: where `CI` or
 * `PASEKA_REQUIRE_ALL` is in the environment.
 */
export function isDedicatedMachine(): boolean {
  return [process.env['CI'], process.env['PASEKA_REQUIRE_ALL']].some(
    (value) => value !== undefined && !['', '0', 'false'].includes(value),
  );
}
