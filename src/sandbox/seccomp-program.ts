// SPDX-License-Identifier: GPL-2.0-or-later
/** Classic BPF for seccomp(2), put together by hand: a few instructions, for little-endian machines. */

/** A struct sock_filter. */
export interface Instruction {
  readonly code: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly operand: number;
}

/** AUDIT_ARCH_* of <linux/audit.h>; x32 shares that of x86-64. */
export const auditArchitectures = {
  x8664: 0xc000003e,
  i386: 0x40000003,
  arm64: 0xc00000b7,
  arm: 0x40000028,
  riscv64: 0xc00000f3,
} as const;

/** x32 calls carry bit 30 in their number. */
const withoutX32Bit = 0xbfffffff;
const offsetOfNumber = 0;
const offsetOfArchitecture = 4;
const bpf = { load: 0x20, jumpEqual: 0x15, and: 0x54, return: 0x06 } as const;

export const allow = instruction(bpf.return, 0x7fff0000);

/** SECCOMP_RET_ERRNO: the call is not made, and fails with this error; 0 is success. */
export function answer(errno: number): Instruction {
  return instruction(bpf.return, 0x00050000 | errno);
}

export function load(offset: number): Instruction {
  return instruction(bpf.load, offset);
}

export function jumpIfEqual(operand: number, over: number): Instruction {
  return { code: bpf.jumpEqual, whenTrue: over, whenFalse: 0, operand };
}

/** Runs `body` only for this system call of this architecture; the number may be loaded again. */
export function whenCalled(
  architecture: number,
  number: number,
  body: readonly Instruction[],
): Instruction[] {
  const check = [
    load(offsetOfNumber),
    instruction(bpf.and, withoutX32Bit),
    jumpUnlessEqual(number, body.length),
    ...body,
  ];
  return [load(offsetOfArchitecture), jumpUnlessEqual(architecture, check.length), ...check];
}

/** The bytes that the kernel takes; what no instruction has answered is allowed. */
export function assemble(instructions: readonly Instruction[]): Uint8Array {
  const program = [...instructions, allow];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, whenTrue, whenFalse, operand }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(whenTrue, index * 8 + 2);
    bytes.writeUInt8(whenFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  }
  return bytes;
}

function jumpUnlessEqual(operand: number, over: number): Instruction {
  return { code: bpf.jumpEqual, whenTrue: 0, whenFalse: over, operand };
}

function instruction(code: number, operand: number): Instruction {
  return { code, whenTrue: 0, whenFalse: 0, operand };
}
