// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildingWith, engineTests, makePlace } from '../support/engine-tests.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';

const look = `mark() { echo "[[$1]]"; }
mark id; id
mark pwd; pwd
mark env; env | sort
mark capabilities; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status
mark umask; umask
mark limits; ulimit -n; ulimit -c
mark hostname; hostname
mark processes; ls /proc | grep -c '^[0-9]'
mark links; tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '
mark root; ls -A /
mark dev; ls /dev
mark mounts; cut -d' ' -f2,3 /proc/self/mounts
mark homes; ls -A /home /root /mnt /media /srv 2>/dev/null
mark writable; for d in / /etc /usr /usr/bin /var/lib /proc/sys/kernel/hostname /sys; do [ ! -w $d ] || echo $d; done
mark locale; locale 2>&1 | grep -c C.UTF-8
mark owner; stat -c '%U %G' . .. debian/rules
mark end; exit 1
`;

engineTests('inside of a build', (engine) => {
  /** What the build sees, section by section. */
  async function see(options: readonly string[]): Promise<Readonly<Record<string, string[]>>> {
    await using place = await makePlace(engine);
    const source = await place.source({ ...buildingWith('looking', look), version: '1:2.5-nmu1' });
    const { document } = await rebuild([...engine.from, ...options, source], 1, place);
    const log = readFileSync(taskOf(document, 'looking').log ?? '', 'utf8');
    const sections = log.slice(log.indexOf('[[id]]'), log.indexOf('[[end]]')).split(/^\[\[(.*)\]\]$/m);
    expect(sections.length, log).toBeGreaterThan(2);
    const seen: Record<string, string[]> = {};
    for (let index = 1; index + 1 < sections.length; index += 2) {
      seen[sections[index] ?? ''] = (sections[index + 1] ?? '')
        .trim()
        .split('\n')
        .filter((line) => line !== '');
    }
    return seen;
  }

  test('it is what a Debian builder has, and nothing of the host', async () => {
    const seen = await see(['--parallel', '3']);
    expect(seen['id']).toEqual([
      expect.stringMatching(/^uid=\d+\(builder\) gid=\d+\(builder\) groups=\d+\(builder\)$/),
    ]);
    expect(seen['id']?.[0]).not.toContain('uid=0');
    expect(seen['pwd']).toEqual(['/build/looking-2.5-nmu1']);
    expect(seen['owner']).toEqual(['builder builder', 'builder builder', 'builder builder']);
    const environment = new Map(
      seen['env']?.map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]),
    );
    expect(Object.fromEntries(environment)).toMatchObject({
      DEB_BUILD_OPTIONS: 'parallel=3',
      HOME: '/nonexistent',
      LOGNAME: 'builder',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games',
      SHELL: '/bin/sh',
      SOURCE_DATE_EPOCH: String(Date.UTC(2026, 0, 1) / 1000),
      USER: 'builder',
    });
    // as a sanitized environment has it: until dpkg 1.22 the one, then the other
    expect(environment.get('LC_ALL') ?? environment.get('LANG')).toBe('C.UTF-8');
    const known =
      /^(DEB_(BUILD|HOST|TARGET|RULES)_\w+|DPKG_\w+|HOME|LANG|LC_ALL|LC_COLLATE|LC_CTYPE|LOGNAME|MAKE\w*|MFLAGS|OLDPWD|PATH|PWD|SHELL|SHLVL|SOURCE_DATE_EPOCH|USER|_|(C|CXX|CPP|LD|F|FC|GCJ|OBJC|OBJCXX|D|AS)FLAGS\w*|TERM)$/;
    expect([...environment.keys()].filter((name) => !known.test(name))).toEqual([]);
    expect(environment.has('DEB_BUILD_PROFILES')).toBe(false);

    for (const line of seen['capabilities'] ?? []) {
      if (/^Cap(Inh|Prm|Eff|Amb)/.test(line)) expect(line).toMatch(/\t0{16}$/);
    }
    expect(seen['capabilities']).toContain('NoNewPrivs:\t1');
    expect(seen['umask']).toEqual(['0022']);
    expect(seen['limits']).toEqual(['1024', '0']);
    expect(seen['hostname']).toEqual(['localhost']);
    expect(Number(seen['processes']?.[0]), 'only the build’s own').toBeLessThan(15);
    expect(seen['links']).toEqual(['lo']);
    const usual =
      'bin boot build dev etc home lib lib32 lib64 libo32 libx32 media mnt opt proc root run sbin srv sys tmp usr var';
    expect(seen['root']?.filter((name) => !usual.split(' ').includes(name))).toEqual([]);
    const devices =
      'console core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero';
    expect(seen['dev']?.filter((name) => !devices.split(' ').includes(name))).toEqual([]);
    for (const name of ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'fd', 'shm', 'ptmx'])
      expect(seen['dev']).toContain(name);
    const mounts = seen['mounts']?.map((line) => line.split(' ')[0] ?? '') ?? [];
    expect(mounts[0]).toBe('/');
    expect(mounts.filter((path) => !/^\/($|dev|proc|sys)/.test(path))).toEqual([]);
    expect(seen['homes']?.filter((line) => !line.endsWith(':') && !line.startsWith('.'))).toEqual([]);
    expect(seen['writable']).toEqual([]);
    expect(Number(seen['locale']?.[0])).toBeGreaterThan(10);
  });

  test('build profiles, and the options that go with them', async () => {
    const seen = await see(['--jobs', '2', '--parallel', '1', '--profile', 'nocheck', '-P', 'stage1']);
    expect(seen['env']).toContain('DEB_BUILD_OPTIONS=parallel=1 nocheck');
    expect(seen['env']).toContain('DEB_BUILD_PROFILES=nocheck stage1');
  });
});
