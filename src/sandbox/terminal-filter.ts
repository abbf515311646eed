// SPDX-License-Identifier: GPL-2.0-or-later
import {
  allow,
  answer,
  assemble,
  auditArchitectures,
  jumpIfEqual,
  load,
  whenCalled,
} from './seccomp-program.ts';

/**
 * A seccomp program for a command that has this process's terminal: refuses the two ioctls that push characters into its
 * input, TIOCSTI and TIOCLINUX, and so would make the user's shell run them afterwards. Commands without a terminal get a
 * session of their own instead. Kernels since 6.2 can refuse TIOCSTI themselves (dev.tty.legacy_tiocsti), but Debian 12's
 * is older. An architecture that isn't listed is not filtered.
 */
export function terminalFilter(): Uint8Array {
  const refuse = answer(1); // EPERM
  return assemble(
    ioctlNumbers.flatMap(({ audit, ioctl }) =>
      whenCalled(audit, ioctl, [
        load(offsetOfRequest),
        jumpIfEqual(tiocsti, 2),
        jumpIfEqual(tioclinux, 1),
        allow,
        refuse,
      ]),
    ),
  );
}

/** The number of ioctl(2). */
const ioctlNumbers: readonly { readonly audit: number; readonly ioctl: number }[] = [
  { audit: auditArchitectures.x8664, ioctl: 16 },
  { audit: auditArchitectures.x8664, ioctl: 514 }, // x32
  { audit: auditArchitectures.i386, ioctl: 54 },
  { audit: auditArchitectures.arm64, ioctl: 29 },
  { audit: auditArchitectures.arm, ioctl: 54 },
  { audit: auditArchitectures.riscv64, ioctl: 29 },
];

const tiocsti = 0x5412;
const tioclinux = 0x541c;
const offsetOfRequest = 24; // the lower half of the second argument: ioctl takes 32 bits of it
