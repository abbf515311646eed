// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, readFileSync } from 'node:fs';

/** Sends the processes whose command line contains a text that nothing else has a signal; how many there were. */
export function killProcessesWith(mark: string, signal: NodeJS.Signals): number {
  const pids = processes().filter(({ line }) => line.includes(mark));
  for (const { pid } of pids) process.kill(pid, signal);
  return pids.length;
}

/** Command lines of the processes of this machine that contain a text, but for those of the test runner. */
export function processesWith(text: string): readonly string[] {
  return processes()
    .map(({ line }) => line)
    .filter((line) => line.includes(text) && !line.includes('vitest'));
}

function processes(): { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return { pid: Number(pid), line: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
      } catch {
        return { pid: Number(pid), line: '' }; // it has ended
      }
    });
}
