// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What of /proc and /sys a build must not see or change: the default of OCI runtimes (runtime-spec, `maskedPaths` and
 * `readonlyPaths`). bubblewrap makes /proc/bus, /proc/irq and /proc/sysrq-trigger read-only itself, but not /proc/sys, whose
 * files root of the machine may write without any capability (core_pattern names a program that the host runs).
 */
export const maskedProcPaths: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
];

export const readOnlyProcPaths: readonly string[] = ['/proc/fs', '/proc/sys'];

/**
 * All that there is of /sys, read-only: processors, NUMA nodes and huge pages, which the C library, the JVM, hwloc and
 * allocators look up. sbuild shows the host's whole /sys; devices, network interfaces and cgroups of the host have no
 * place in a build whose result must not depend on them.
 */
export const visibleSysPaths: readonly string[] = ['/sys/devices/system', '/sys/kernel/mm'];
