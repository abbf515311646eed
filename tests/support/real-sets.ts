// SPDX-License-Identifier: GPL-2.0-or-later

/** Packages of Debian that are installed together. */
export interface RealSet {
  readonly packages?: readonly string[];
  /** Its build dependencies. */
  readonly source?: string;
  /** What a layer has that the set is made over. */
  readonly part: readonly string[];
  /** That a layer with the part can't be below, since both have what has to be installed at once. */
  readonly isAtOnce?: boolean;
}

/** Real sets of every sort, small enough for a test. */
export const realSets: Readonly<Record<string, RealSet>> = {
  perl: { packages: ['debhelper', 'libmoo-perl', 'libxml-parser-perl'], part: ['debhelper'] },
  python: { packages: ['python3-requests', 'python3-setuptools', 'cython3'], part: ['python3-setuptools'] },
  // triggers and schemas
  c: { packages: ['libglib2.0-dev', 'libxml2-dev'], part: ['libxml2-dev'] },
  // fonts, types of files
  qt: { packages: ['qtbase5-dev'], part: ['libgl-dev', 'shared-mime-info'] },
  // a key store and many alternatives
  java: {
    packages: ['default-jre-headless'],
    part: ['ca-certificates', 'libnss3'],
  },
  ruby: { packages: ['ruby-rack', 'ruby-dev'], part: ['ruby-dev'] },
  diversions: { packages: ['molly-guard', 'safe-rm'], part: ['molly-guard'] },
  // groups, keys, a database of aliases
  users: {
    packages: ['postfix', 'dbus', 'openssh-server'],
    part: ['dbus'],
    isAtOnce: true,
  },
  // made before others are unpacked
  'early-users': {
    packages: ['systemd', 'cron'],
    part: ['cron'],
    isAtOnce: true,
  },
  // and configuration of modules
  preinst: { packages: ['php-cli', 'php-xml'], part: ['php-cli'] },
  // formats, fonts and lists of files
  tex: {
    packages: ['texlive-base', 'tex-gyre'],
    part: ['texlive-base'],
    isAtOnce: true,
  },
  // of SGML and XML
  catalogues: { packages: ['docbook-xsl', 'docbook-xml', 'sgml-base'], part: ['docbook-xml'] },
};

/** Others of the same sorts that take minutes. */
export const largeSets: Readonly<Record<string, RealSet>> = {
  'large-python': {
    packages: ['python3-all-dev', 'python3-requests', 'python3-setuptools', 'cython3', 'python3-sphinx'],
    part: ['python3-setuptools'],
  },
  'large-c': {
    packages: ['libglib2.0-dev', 'libxml2-dev', 'autoconf', 'cmake'],
    part: ['libxml2-dev', 'autoconf'],
  },
  kde: { source: 'solid', part: ['debhelper', 'cmake', 'qtbase5-dev'] },
  'large-java': { packages: ['default-jdk-headless', 'maven-debian-helper'], part: ['default-jre-headless'] },
  'large-ruby': { packages: ['ruby-rack', 'ruby-dev', 'gem2deb'], part: ['ruby-dev'] },
  'large-tex': {
    packages: [
      ...['texlive-latex-recommended', 'texlive-fonts-recommended', 'texlive-xetex', 'texlive-latex-extra'],
      ...['texlive-luatex', 'texlive-lang-german', 'texlive-lang-cyrillic', 'lmodern'],
    ],
    part: ['texlive-latex-base', 'lmodern'],
    isAtOnce: true,
  },
  'more-diversions': { packages: ['molly-guard', 'safe-rm', 'dash', 'vim'], part: ['molly-guard'] },
  'many-users': {
    packages: ['postfix', 'dbus', 'openssh-server', 'avahi-daemon', 'postgresql'],
    part: ['dbus', 'avahi-daemon'],
    isAtOnce: true,
  },
  'users-over-needed': {
    packages: ['postfix', 'dbus', 'openssh-server', 'avahi-daemon', 'postgresql'],
    part: ['ssl-cert', 'libdbus-1-3', 'libavahi-core7', 'libpq5', 'libfido2-1', 'netbase'],
    isAtOnce: true,
  },
  'more-preinst': {
    packages: ['php-cli', 'php-xml', 'apache2', 'emacs-nox', 'dictionaries-common', 'wamerican'],
    part: ['php-cli'],
  },
  'more-catalogues': {
    packages: ['docbook-xsl', 'docbook-xml', 'docbook-utils', 'xmlto'],
    part: ['docbook-xml'],
  },
  desktop: { packages: ['libgtk-3-dev', 'xvfb', 'libgtk-4-dev'], part: ['xvfb'] },
  haskell: { packages: ['ghc', 'ghc-doc', 'haskell-devscripts-minimal'], part: ['ghc'] },
};
