// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { availableParallelism } from './cores.ts';
import { hostMemory } from './memory.ts';
import { type HostPressure, readPressure } from './pressure.ts';

/** How busy this host is at a moment, whoever makes it so. */
export interface HostReading {
  /** MemAvailable. */
  readonly availableBytes: number;
  /** Cores that worked, on average since the reading before; 0 for the first. */
  readonly busyCores: number;
  /** Absent where the kernel doesn't tell. */
  readonly pressure?: HostPressure;
}

export interface HostGauge {
  read(): HostReading;
}

/** Reads this host: /proc/meminfo, /proc/stat, /proc/pressure; less than a millisecond. */
export function openHostGauge(): HostGauge {
  let before = readTimes();
  return {
    read() {
      const times = readTimes();
      const busyCores = busyBetween(before, times) * availableParallelism();
      before = times;
      const pressure = readPressure();
      return {
        availableBytes: hostMemory().availableBytes,
        busyCores,
        ...(pressure === undefined ? {} : { pressure }),
      };
    },
  };
}

/** Ticks since the start of the machine, of all its processors. */
export interface ProcessorTimes {
  readonly total: number;
  /** Of the total: nothing ran. */
  readonly idle: number;
}

/** The first line of /proc/stat (proc_stat(5)): user nice system idle iowait irq softirq steal; guests are in user. */
export function parseProcessorTimes(stat: string): ProcessorTimes {
  const numbers = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, 8).map(Number);
  const [, , , idle = 0, waiting = 0] = numbers;
  return { total: numbers.reduce((sum, ticks) => sum + ticks, 0), idle: idle + waiting };
}

/** The part of the time in which processors worked, 0 to 1. */
export function busyBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  const total = after.total - before.total;
  return total <= 0 ? 0 : Math.min(1, Math.max(0, 1 - (after.idle - before.idle) / total));
}

function readTimes(): ProcessorTimes {
  return parseProcessorTimes(readFileSync('/proc/stat', 'utf8'));
}
