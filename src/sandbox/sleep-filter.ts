// SPDX-License-Identifier: GPL-2.0-or-later
import { answer, assemble, auditArchitectures, whenCalled } from './seccomp-program.ts';

/**
 * A seccomp program for which all sleeping is over at once: nanosleep and clock_nanosleep succeed without being made.
 * For maintainer scripts, which wait so that file times differ (fc-cache: two seconds) or for services that no root
 * here starts. An architecture that isn't listed sleeps.
 */
export function sleepFilter(): Uint8Array {
  return assemble(
    sleepNumbers.flatMap(({ audit, calls }) =>
      calls.flatMap((number) => whenCalled(audit, number, [answer(0)])),
    ),
  );
}

/** The numbers of nanosleep(2) and clock_nanosleep(2). */
const sleepNumbers: readonly { readonly audit: number; readonly calls: readonly number[] }[] = [
  { audit: auditArchitectures.x8664, calls: [35, 230] },
  { audit: auditArchitectures.i386, calls: [162, 267, 407] },
  { audit: auditArchitectures.arm64, calls: [101, 115] },
  { audit: auditArchitectures.arm, calls: [162, 265, 407] },
  { audit: auditArchitectures.riscv64, calls: [101, 115] },
];
