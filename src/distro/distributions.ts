// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { invariant } from '../base/invariant.ts';
import { hostPackaging } from '../host/host-packaging.ts';
import { isOfRpm } from '../host/packaging.ts';
import { debian } from './deb/debian.ts';
import type { Distribution, DistributionKind } from './distribution.ts';
import type { HostRemark } from './host-remark.ts';
import type { WantedRepositories } from './repository.ts';
import { rpm } from './rpm/rpm.ts';

/** All packaging systems; of several that know what the user means the first is taken. */
const distributions: readonly Distribution[] = [rpm, debian];

/** This host's own: taken where nothing says otherwise, and asked how servers are reached from here. */
export const hostDistribution: Distribution = isOfRpm(hostPackaging()) ? rpm : debian;

/** The packaging system that a snapshot was made with. */
export function distributionOf(kind: DistributionKind): Distribution {
  const found = distributions.find((one) => one.kind === kind);
  invariant(found !== undefined, `no packaging system ${kind}`);
  return found;
}

/** The packaging system of the repositories that the user means. Throws PasekaError bad-source-list. */
export async function distributionFor(wanted: WantedRepositories): Promise<Distribution> {
  for (const one of distributions) if (await one.isMeant(wanted)) return one;
  return hostDistribution;
}

/** What all of them say of package files, each told by its name. */
export const anyPackages: Pick<Distribution, 'isComparedPackage' | 'describePackage'> = {
  isComparedPackage: (fileName) => distributions.some((one) => one.isComparedPackage(fileName)),
  describePackage: (path, scratchDirectory) => {
    const known = distributions.find((one) => one.isPackageFile(basename(path)));
    return (known ?? hostDistribution).describePackage(path, scratchDirectory);
  },
};

/** What any of them has to say of this host. */
export async function allHostRemarks(): Promise<readonly HostRemark[]> {
  const remarks: HostRemark[] = [];
  for (const one of distributions) remarks.push(...(await one.hostRemarks()));
  return remarks;
}
