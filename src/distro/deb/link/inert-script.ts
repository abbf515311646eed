// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Lines of dpkg-maintscript-helper do nothing in a first installation, where no old version is given: each of these
 * commands asks for one (dpkg-maintscript-helper(1), "in preinst ... $2 is not empty").
 */
const helperLine =
  /^dpkg-maintscript-helper\s+(rm_conffile|mv_conffile|symlink_to_dir|dir_to_symlink)\s[^;&|`$<>]*--\s+"\$@"$/;
const emptyLine = /^(#.*|set\s+-e|set\s+-eu|exit\s+0|:|true|)$/;

/**
 * Whether a preinst is known to do nothing when a package is installed for the first time: a shell script in which
 * nothing is left but comments and dpkg-maintscript-helper. What is not understood is not inert.
 */
export function isInertPreinst(script: string): boolean {
  if (script === '') return true;
  const [interpreter, ...lines] = script.replaceAll(/\\\n/g, ' ').split('\n');
  if (!/^#!\s*\/bin\/(sh|dash|bash)(\s+-e)?\s*$/.test(interpreter ?? '')) return false;
  return lines.every((line) => emptyLine.test(line.trim()) || helperLine.test(line.trim()));
}
