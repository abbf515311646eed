// SPDX-License-Identifier: GPL-2.0-or-later

/** Debian's Chromium. */
export const browserPath = '/usr/bin/chromium';
