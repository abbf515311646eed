// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Loaded before the program (`NODE_OPTIONS=--import`), sets its clock: by so many milliseconds as stand in the file that
 * PASEKA_TEST_CLOCK names, whenever somebody asks for the time. Time itself goes on as ever.
 */
import { readFileSync } from 'node:fs';

const path = process.env['PASEKA_TEST_CLOCK'];
if (path !== undefined) {
  const RealDate = Date;
  const now = (): number => RealDate.now() + Number(readFileSync(path, 'utf8'));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: readonly unknown[], self: NewableFunction) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, self) as Date,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
}
