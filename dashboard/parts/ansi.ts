// SPDX-License-Identifier: GPL-2.0-or-later

/** A piece of a line, and how it is to look: names of classes. */
export interface StyledText {
  readonly text: string;
  readonly className: string;
}

/** Takes a line apart at its colours (ECMA-48, SGR); other control sequences are left out. */
export function styledPieces(line: string): StyledText[] {
  if (!line.includes('\u001b') && !line.includes('\r')) return [{ text: line, className: '' }];
  const pieces: StyledText[] = [];
  let [colour, isBold] = ['', false];
  // What a program overwrote from the beginning of the line, as progress is shown.
  const visible = line.slice(line.replace(/\r+$/, '').lastIndexOf('\r') + 1).replace(/\r+$/, '');
  for (const part of visible.split(/(\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007|\u001b.)/)) {
    if (!part.startsWith('\u001b')) {
      if (part !== '')
        pieces.push({ text: part, className: [colour, isBold ? 'bold' : ''].join(' ').trim() });
      continue;
    }
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes === undefined) continue;
    for (const code of codes.split(';').map(Number)) {
      if (code === 0) [colour, isBold] = ['', false];
      else if (code === 1) isBold = true;
      else if (code === 22) isBold = false;
      else if (code === 39) colour = '';
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) colour = `ansi-${code % 10}`;
    }
  }
  return pieces;
}
