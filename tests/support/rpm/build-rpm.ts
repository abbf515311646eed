// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';

/** What rpmbuild made of a spec file: paths, sorted. */
export interface BuiltRpms {
  readonly binaries: readonly string[];
  readonly source: string;
}

/** Builds a spec file in a directory, without any check of build dependencies. `defines` are rpm's macros. */
export async function buildRpms(
  directory: string,
  spec: string,
  defines: readonly string[] = [],
): Promise<BuiltRpms> {
  const topdir = join(directory, 'rpmbuild');
  await mkdir(topdir, { recursive: true });
  await writeFile(join(directory, 'built.spec'), spec);
  const words = [`_topdir ${topdir}`, '_build_id_links none', 'debug_package %{nil}', ...defines];
  const options = words.flatMap((word) => ['--define', word]);
  await runTool(['rpmbuild', '-ba', '--nodeps', ...options, join(directory, 'built.spec')], {
    environment: { HOME: directory, SOURCE_DATE_EPOCH: '1700000000' },
  });
  const found = (pattern: string): string[] =>
    globSync(pattern, { cwd: topdir })
      .map((name) => join(topdir, name))
      .sort();
  return { binaries: found('RPMS/*/*.rpm'), source: found('SRPMS/*.rpm')[0] ?? '' };
}

/** A spec file with an entry of every kind that this program reads. */
export const oddSpec = `
Name: hive
Epoch: 3
Version: 1.5~rc1
Release: alt2^git
Summary: a hive
Summary(ru): улей
License: GPL-2.0-or-later
Group: System/Base
Packager: Bee <bee@example.org>
Vendor: apiary
URL: http://example.org/hive
ExclusiveArch: x86_64 aarch64 noarch
ExcludeArch: s390x
BuildRequires: gcc, pkgconfig(zlib) >= 1.2
Requires: wax >= 2:1.0-alt1, (honey or sugar), frames < 10
Requires(pre): /usr/sbin/useradd
Provides: comb = 1.5
Conflicts: wasp <= 1
Obsoletes: old-hive < 1.0
Recommends: queen
Suggests: smoker > 1
Supplements: garden
Enhances: meadow

%description
A hive with everything.

%package nothing
Summary: a package without files
BuildArch: noarch
%description nothing
Nothing.

%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/hive %{buildroot}/var/lib/hive
echo program > %{buildroot}/usr/bin/hive
chmod 4755 %{buildroot}/usr/bin/hive
ln %{buildroot}/usr/bin/hive %{buildroot}/usr/bin/hive-too
ln -s hive %{buildroot}/usr/bin/hive-link
echo setting > %{buildroot}/etc/hive/conf
echo 'with blank' > '%{buildroot}/etc/hive/file with blank'
chmod 1777 %{buildroot}/var/lib/hive

%pre
echo pre
%post -p /sbin/ldconfig
%preun
echo preun
%postun -p <lua>
print("postun")
%pretrans -p <lua>
print("pretrans")
%posttrans
echo posttrans
%triggerin -- wax
echo wax came
%triggerun -- honey > 1
echo honey goes
%filetriggerin -- /usr/share/hive
cat
%transfiletriggerin -- /usr/lib/hive
cat

%files
%attr(4755,root,root) %caps(cap_net_raw=p) /usr/bin/hive
/usr/bin/hive-too
/usr/bin/hive-link
%dir /etc/hive
%config(noreplace) /etc/hive/conf
"/etc/hive/file with blank"
%attr(1777,nobody,nogroup) %dir /var/lib/hive
%ghost /var/lib/hive/made-later

%files nothing

%changelog
* Thu Jan 01 2026 Bee <bee@example.org> 1.5-alt2
- a new hive
* Wed Dec 31 2025 Bee <bee@example.org> 1.5-alt1
- an old hive
`;
