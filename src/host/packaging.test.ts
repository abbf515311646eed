// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { installRemedy, isOfRpm, type Packaging, packagingOf } from './packaging.ts';

/** The fields that count, as the distributions have them. */
test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n', 'debian'],
  ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', 'debian'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
  ['NAME="Fedora Linux"\nID=fedora\nVARIANT_ID=server\n', 'dnf'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'dnf'],
  ['NAME="openSUSE Leap"\nID="opensuse-leap"\nID_LIKE="suse opensuse"\n', 'zypper'],
  ["ID='sles'\nID_LIKE='suse'\n", 'zypper'],
  ['NAME="ALT Workstation"\nID=altlinux\n', 'apt-rpm'],
  ['ID=arch\n', 'unknown'],
  ['ID_LIKE=constructor\n', 'unknown'],
  ['', 'unknown'],
] as const)('%j is installed by %s', (text, packaging) => {
  expect(packagingOf(text)).toBe(packaging);
});

test('a remedy is what the host understands', () => {
  const program = { debian: 'uidmap', provided: '/usr/bin/newuidmap' };
  const remedies = (['debian', 'dnf', 'zypper', 'apt-rpm', 'unknown'] satisfies Packaging[]).map((one) => [
    isOfRpm(one),
    installRemedy(one, program),
  ]);
  expect(remedies).toEqual([
    [false, 'run: sudo apt-get install uidmap'],
    [true, 'run: sudo dnf install /usr/bin/newuidmap'],
    [true, 'run: sudo zypper install /usr/bin/newuidmap'],
    [true, 'run: sudo apt-get install /usr/bin/newuidmap'],
    [false, 'install what provides /usr/bin/newuidmap (of Debian: uidmap)'],
  ]);
  const library = { debian: 'libsolv1', provided: 'libsolv.so.1()(64bit)' };
  expect(installRemedy('dnf', library)).toBe("run: sudo dnf install 'libsolv.so.1()(64bit)'");
});
