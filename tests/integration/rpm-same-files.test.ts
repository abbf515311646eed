// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { fileLikeness } from '../../src/distro/rpm/header/file-likeness.ts';
import { filesOf } from '../../src/distro/rpm/header/header-files.ts';
import { insistingFlags } from '../../src/distro/rpm/host-rpm.ts';
import { openRpmFile } from '../../src/distro/rpm/open-rpm-file.ts';
import { isSuccess, runProcess } from '../../src/host/process.ts';
import { toolEnvironment } from '../../src/host/tool-environment.ts';
import { buildRpms } from '../support/rpm/build-rpm.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const path = '/usr/share/comb';

/** Packages that all have one path, by what it is in them. */
const variants: Readonly<Record<string, { readonly make: string; readonly attributes?: string }>> = {
  plain: { make: 'echo wax > F' },
  same: { make: 'echo wax > F; touch -d 2020-01-01 F' },
  changed: { make: 'echo max > F' },
  longer: { make: 'echo waxen > F' },
  mode: { make: 'echo wax > F; chmod 755 F' },
  owned: { make: 'echo wax > F', attributes: '%attr(-,nobody,root) ' },
  grouped: { make: 'echo wax > F', attributes: '%attr(-,root,nogroup) ' },
  directory: { make: 'mkdir F', attributes: '%dir ' },
  'same-directory': { make: 'mkdir F', attributes: '%dir ' },
  link: { make: 'ln -s bee F' },
  'same-link': { make: 'ln -s bee F' },
  'other-link': { make: 'ln -s wasp F' },
};

test('two packages may have one file where rpm lets them', async () => {
  await using place = await makeTemporaryDirectory();
  const packages = new Map<string, string>();
  for (const [name, { make, attributes = '' }] of Object.entries(variants)) {
    const spec = [
      ...[
        `Name: ${name}`,
        'Version: 1',
        'Release: 1',
        'Summary: a comb',
        'License: GPL',
        'BuildArch: noarch',
      ],
      ...['%description', 'A comb.', '%install', 'mkdir -p %{buildroot}/usr/share'],
      ...[make.replaceAll('F', `%{buildroot}${path}`), '%files', `${attributes}${path}`],
    ];
    const { binaries } = await buildRpms(place.path, spec.map((line) => `${line}\n`).join(''));
    packages.set(name, binaries.find((one) => basename(one).startsWith(`${name}-1-1.`)) ?? '');
  }
  const likenesses = new Map<string, string>();
  for (const [name, file] of packages) {
    const { header } = await openRpmFile(file, 'binary');
    const found = filesOf(header).find((one) => one.path === path);
    likenesses.set(name, found === undefined ? '' : fileLikeness(found));
  }
  const answers = new Map<string, boolean>();
  for (const [one, file] of packages) {
    for (const [other, otherFile] of packages) {
      if (one >= other) continue;
      answers.set(`${one} ${other}`, await letsBoth(place.path, file, otherFile));
    }
  }
  const mine = [...answers.keys()].map((pair): [string, boolean] => {
    const [one = '', other = ''] = pair.split(' ');
    return [pair, likenesses.get(one) === likenesses.get(other)];
  });
  expect(new Map(mine)).toEqual(answers);
  expect([...answers].filter(([, both]) => both).map(([pair]) => pair)).toEqual(
    expect.arrayContaining(['plain same', 'directory same-directory', 'link same-link']),
  );
}, 120_000);

async function letsBoth(directory: string, one: string, other: string): Promise<boolean> {
  const options = ['--root', directory, '--dbpath', '/rpmdb', ...(await insistingFlags()), '--nosignature'];
  const { end, stderr } = await runProcess({
    command: ['rpm', ...options, '--install', '--test', '--nodeps', one, other],
    environment: toolEnvironment(),
  });
  if (isSuccess(end)) return true;
  if (stderr.includes('conflicts between attempted installs')) return false;
  throw new Error(stderr);
}
