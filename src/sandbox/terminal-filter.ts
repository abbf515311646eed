// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * A seccomp program (classic BPF, seccomp(2)) for a command that has this process's terminal: refuses the two ioctls
 * that push characters into its input, TIOCSTI and TIOCLINUX, and so would make the user's shell run them afterwards.
 * Commands without a terminal get a session of their own instead. Kernels since 6.2 can refuse TIOCSTI themselves
 * (dev.tty.legacy_tiocsti), but Debian 12's is older. For little-endian machines; an architecture that isn't listed is
 * not filtered.
 */
export function terminalFilter(): Uint8Array {
  const body = ioctlNumbers.flatMap(({ audit, ioctl }) => {
    const check: Instruction[] = [
      load(offsetOfNumber),
      instruction(bpf.and, withoutX32Bit),
      jumpUnlessEqual(ioctl, 5), // to the next entry
      load(offsetOfRequest),
      jumpIfEqual(tiocsti, 2),
      jumpIfEqual(tioclinux, 1),
      instruction(bpf.return, allow),
      instruction(bpf.return, refuse),
    ];
    return [load(offsetOfArchitecture), jumpUnlessEqual(audit, check.length), ...check];
  });
  const program = [...body, instruction(bpf.return, allow)];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, whenTrue, whenFalse, operand }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  }
  return bytes;
}

/** A struct sock_filter. */
interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly operand: number;
}

/** AUDIT_ARCH_* and the number of ioctl(2) there. */
const ioctlNumbers: readonly { readonly audit: number; readonly ioctl: number }[] = [
  { audit: 0xc000003e, ioctl: 16 }, // x86-64
  { audit: 0xc000003e, ioctl: 514 }, // x32
  { audit: 0x40000003, ioctl: 54 }, // i386
  { audit: 0xc00000b7, ioctl: 29 }, // arm64
  { audit: 0x40000028, ioctl: 54 }, // arm
  { audit: 0xc00000f3, ioctl: 29 }, // riscv64
];

/** x32 calls carry bit 30 in their number. */
const withoutX32Bit = 0xbfffffff;
const tiocsti = 0x5412;
const tioclinux = 0x541c;
const allow = 0x7fff0000;
const refuse = 0x00050000 | 1; // SECCOMP_RET_ERRNO with EPERM
const offsetOfNumber = 0;
const offsetOfArchitecture = 4;
const offsetOfRequest = 24; // the lower half of the second argument: ioctl takes 32 bits of it
const bpf = { load: 0x20, jumpEqual: 0x15, and: 0x54, return: 0x06 } as const;

function instruction(code: number, operand: number): Instruction {
  return { code, whenTrue: 0, whenFalse: 0, operand };
}

function load(offset: number): Instruction {
  return instruction(bpf.load, offset);
}

function jumpIfEqual(operand: number, over: number): Instruction {
  return { code: bpf.jumpEqual, whenTrue: over, whenFalse: 0, operand };
}

function jumpUnlessEqual(operand: number, over: number): Instruction {
  return { code: bpf.jumpEqual, whenTrue: 0, whenFalse: over, operand };
}
