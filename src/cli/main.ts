// SPDX-License-Identifier: GPL-2.0-or-later
import { runProgram } from './program.ts';

process.exitCode = await runProgram(process.argv);
