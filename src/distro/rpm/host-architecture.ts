// SPDX-License-Identifier: GPL-2.0-or-later
import { arch } from 'node:process';

const names: Readonly<Record<string, string>> = {
  x64: 'x86_64',
  ia32: 'i686',
  arm64: 'aarch64',
  arm: 'armv7hl',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loongarch64',
};

/** This host's architecture as RPM calls it. */
export async function hostArchitecture(): Promise<string> {
  return names[arch] ?? arch;
}
