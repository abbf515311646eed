// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Lines of dpkg-maintscript-helper do nothing in a first installation, where no old version is given: each of these
 * commands asks for one (dpkg-maintscript-helper(1), "in preinst ... $2 is not empty").
 */
const helperLine =
  /^dpkg-maintscript-helper\s+(rm_conffile|mv_conffile|symlink_to_dir|dir_to_symlink)\s[^;&|`$<>]*--\s+"\$@"$/;
const emptyLine = /^(#.*|set\s+-[eu]+|exit\s+0|:|true|)$/;
/** What is true of an upgrade only; whatever is asked besides, by `&&` alone, makes it no truer. */
const upgradeOnly = /^if\s+\[\s+"\$1"\s+=\s+"?upgrade"?\s+\]\s*(?:(?:;|&&)[^|]*)?$/;
const oldVersionOnly =
  /^if\s+\[\s+"\$1"\s+=\s+"?install"?\s+\]\s*&&\s*\[\s+-n\s+"\$2"\s+\]\s*(?:(?:;|&&)[^|]*)?$/;

/**
 * Whether a preinst is known to do nothing when a package is installed for the first time: a shell script in which
 * nothing is left but comments, dpkg-maintscript-helper, and branches for upgrades. What is not understood is not inert.
 */
export function isInertPreinst(script: string): boolean {
  if (script === '') return true;
  const [interpreter, ...lines] = script.replaceAll(/\\\n/g, ' ').split('\n');
  if (!/^#!\s*\/bin\/(sh|dash|bash)(\s+-e)?\s*$/.test(interpreter ?? '')) return false;
  let skipped = 0;
  for (const text of lines) {
    const line = text.trim();
    if (skipped > 0) {
      // in a branch that is not taken: only where it ends matters, and an `else` would be taken
      if (/^if\b/.test(line)) skipped++;
      else if (/^fi\b/.test(line)) skipped--;
      else if (skipped === 1 && /^(else|elif)\b/.test(line)) return false;
      else if (/<<|[;&|]\s*(if|fi)\b/.test(line)) return false;
    } else if (upgradeOnly.test(line) || oldVersionOnly.test(line)) {
      if (/\b(else|elif)\b|<</.test(line)) return false;
      skipped = /;\s*fi\b/.test(line) ? 0 : 1;
    } else if (!emptyLine.test(line) && !helperLine.test(line)) {
      return false;
    }
  }
  return skipped === 0;
}
