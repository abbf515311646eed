// SPDX-License-Identifier: GPL-2.0-or-later
import { isPasekaError } from '../../base/paseka-error.ts';
import type { HostRemark } from '../host-remark.ts';
import { type AptConfiguration, readHostAptConfiguration } from './apt-configuration.ts';

/** What the host's apt is told and a freeze does likewise (private-apt-root.ts), where that makes it less careful. */
export async function readHostRemarks(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly HostRemark[]> {
  try {
    return remarksOn(await readHostAptConfiguration(environment));
  } catch (error) {
    if (isPasekaError(error, 'tool-missing')) return []; // that apt lacks is told as such
    if (!isPasekaError(error, 'tool-failed')) throw error;
    return [{ name: 'apt-configuration', detail: error.message, remedy: error.hint }];
  }
}

/** A pure function. */
export function remarksOn(configuration: AptConfiguration): readonly HostRemark[] {
  return careSettings.flatMap(({ setting, name, consequence }) => {
    const value = configuration.get(setting);
    if (value === undefined || !/^(no|false|without|off|disable|0)$/i.test(value)) return [];
    const detail = `${consequence}: the host's apt is set so (${setting} "${value}")`;
    const remedy = `unless you want that, remove the setting; this finds it: grep -r ${setting.split('::')[1]} /etc/apt`;
    return [{ name, detail, remedy }];
  });
}

const careSettings = [
  {
    setting: 'Acquire::Check-Valid-Until',
    name: 'expired-indices',
    consequence: 'snapshots are taken of mirrors whose release files have expired, too',
  },
  {
    setting: 'Acquire::Check-Date',
    name: 'release-dates',
    consequence: 'snapshots are taken whatever date a release file has, expired or in the future',
  },
] as const;
