// SPDX-License-Identifier: GPL-2.0-or-later
import { machine, release } from 'node:os';

/** `6.1.0-35-amd64 x86_64`: the running kernel's release and machine, as uname(1) tells them. */
export function kernelVersion(): string {
  return `${release()} ${machine()}`;
}
