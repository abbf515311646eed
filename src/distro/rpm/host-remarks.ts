// SPDX-License-Identifier: GPL-2.0-or-later
import { isPasekaError } from '../../base/paseka-error.ts';
import { hostPackaging } from '../../host/host-packaging.ts';
import { libsolv } from '../../host/libsolv/library.ts';
import { installRemedy } from '../../host/packaging.ts';
import { findTool } from '../../host/tools.ts';
import type { HostRemark } from '../host-remark.ts';

/** What RPM distributions need of this host and it lacks; Debian's need none of it. */
export async function readHostRemarks(): Promise<readonly HostRemark[]> {
  return [...solverRemarks(), ...signatureRemarks(), ...rpmRemarks()];
}

function solverRemarks(): readonly HostRemark[] {
  try {
    libsolv();
    return [];
  } catch (error) {
    if (!isPasekaError(error)) throw error;
    return [{ name: 'rpm-libsolv', detail: `RPM distributions: ${error.message}`, remedy: error.hint }];
  }
}

function signatureRemarks(): readonly HostRemark[] {
  if (findTool('gpgv') !== undefined || findTool('sqv') !== undefined) return [];
  const detail =
    'RPM distributions: neither gpgv nor sqv is installed, which check signatures of repositories';
  return [{ name: 'rpm-signatures', detail, remedy: remedyOf('gpgv') }];
}

function rpmRemarks(): readonly HostRemark[] {
  if (findTool('rpmkeys') !== undefined) return [];
  const detail = 'RPM distributions: rpm is not installed, which checks signatures of packages';
  return [{ name: 'rpm-tools', detail, remedy: remedyOf('rpm') }];
}

function remedyOf(tool: 'gpgv' | 'rpm'): string {
  return installRemedy(hostPackaging(), { debian: tool, provided: `/usr/bin/${tool}` });
}
