// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';

/** The architecture of the host's own packages (`dpkg --print-architecture`). Throws PasekaError tool-missing. */
export async function hostArchitecture(): Promise<string> {
  const result = await runProcess({
    command: ['dpkg', '--print-architecture'],
    environment: toolEnvironment(),
  });
  const architecture = result.stdout.trim();
  if (!isSuccess(result.end) || architecture === '') {
    throw new PasekaError('tool-missing', 'dpkg does not say the architecture', 'name one with --arch');
  }
  return architecture;
}
