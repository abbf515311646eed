// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sleepFilter } from './sleep-filter.ts';
import { terminalFilter } from './terminal-filter.ts';

const allow = 0x7fff0000;
const refuse = 0x00050001;
const done = 0x00050000;
const x86 = 0xc000003e;
const i386 = 0x40000003;
const arm64 = 0xc00000b7;

/** Runs a program as the kernel would (seccomp(2), Documentation/networking/filter.rst), for the instructions it has. */
function run(filter: Uint8Array, architecture: number, call: number, request: number): number {
  const program = Buffer.from(filter);
  const data = new Map([
    [0, call],
    [4, architecture],
    [24, request],
  ]);
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const code = program.readUInt16LE(at * 8);
    const operand = program.readUInt32LE(at * 8 + 4);
    if (code === 0x20) accumulator = data.get(operand) ?? Number.NaN;
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0;
    else if (code === 0x15) at += program.readUInt8(at * 8 + (accumulator === operand ? 2 : 3));
    else if (code === 0x06) return operand;
    else throw new Error(`unknown instruction ${code}`);
  }
}

const verdict = (architecture: number, call: number, request: number): number =>
  run(terminalFilter(), architecture, call, request);

test.each([
  ['x86-64', x86, 16],
  ['x32', x86, 0x40000000 + 514],
  ['x86-64 by x32’s way', x86, 0x40000000 + 16],
  ['i386', i386, 54],
  ['arm64', arm64, 29],
])('%s: pushing into the terminal is refused, other ioctls are not', (_, architecture, ioctl) => {
  expect(verdict(architecture, ioctl, 0x5412)).toBe(refuse);
  expect(verdict(architecture, ioctl, 0x541c)).toBe(refuse);
  expect(verdict(architecture, ioctl, 0x5401)).toBe(allow);
});

test('another call with the same argument is allowed, and so is an unknown architecture', () => {
  expect(verdict(x86, 1, 0x5412)).toBe(allow);
  expect(verdict(x86, 54, 0x5412)).toBe(allow);
  expect(verdict(arm64, 16, 0x5412)).toBe(allow);
  expect(verdict(1, 16, 0x5412)).toBe(allow);
});

test('sleeping is answered as if it had been done, and nothing else is touched', () => {
  const asked = (architecture: number, call: number): number => run(sleepFilter(), architecture, call, 0);
  expect([35, 230, 0x40000000 + 35].map((call) => asked(x86, call))).toEqual([done, done, done]);
  expect([101, 115].map((call) => asked(arm64, call))).toEqual([done, done]);
  expect([162, 267, 407].map((call) => asked(i386, call))).toEqual([done, done, done]);
  expect([0, 34, 36, 101, 202, 229, 231].map((call) => asked(x86, call))).toEqual(Array(7).fill(allow));
  expect(asked(1, 35)).toBe(allow);
});
