// SPDX-License-Identifier: GPL-2.0-or-later
/** A list of lines, and the element that shows a part of it. Heights are pixels. */
export interface LongList {
  readonly lines: number;
  readonly lineHeight: number;
  readonly viewHeight: number;
}

/** Where the list is: so much of it is above the view, and so far the element has been scrolled for that. */
export interface ListPlace {
  readonly top: number;
  readonly scrollTop: number;
}

/** An element can't be as high as one likes: 33.5 million pixels in Chromium, 17.9 in Firefox. */
const mostHeight = 8_000_000;
/** So far from both ends a pixel that is scrolled is a pixel of the list, so that the ends are where one comes to. */
const edge = 200_000;
/** Whoever goes farther at once than so many views has not turned the wheel, but pulled the bar. */
const pulledViews = 3;

/** How high the element in the scrolled one is. */
export function drawnHeight({ lines, lineHeight }: LongList): number {
  return Math.min(lines * lineHeight, mostHeight);
}

/** Whether a pixel that is scrolled may be more than one of the list. */
export function isLonger(list: LongList): boolean {
  return list.lines * list.lineHeight > mostHeight;
}

/**
 * Where the list is after its element was scrolled from `before`. A short way is that way in the list, too; a long one leads
 * where the scroll bar shows it. The result's `scrollTop` is another one than that given where the element has to be moved along.
 */
export function scrolled(list: LongList, before: ListPlace, scrollTop: number): ListPlace {
  if (!isLonger(list)) return { top: scrollTop, scrollTop };
  const way = scrollTop - before.scrollTop;
  const drawnRange = mostHeight - list.viewHeight;
  const isAtEnd = scrollTop <= 0 || scrollTop >= drawnRange - 1;
  if (Math.abs(way) > pulledViews * list.viewHeight) return { top: topOf(list, scrollTop), scrollTop };
  const top = within(before.top + way, fullRange(list));
  const isNearEnd = top < edge || top > fullRange(list) - edge || isAtEnd;
  return isNearEnd ? placeAt(list, top) : { top, scrollTop };
}

/** The place with so much of the list above the view, with the scroll bar where it belongs. */
export function placeAt(list: LongList, top: number): ListPlace {
  const range = fullRange(list);
  const wanted = within(top, range);
  if (!isLonger(list)) return { top: wanted, scrollTop: wanted };
  const drawnRange = mostHeight - list.viewHeight;
  if (wanted <= edge) return { top: wanted, scrollTop: wanted };
  if (wanted >= range - edge) return { top: wanted, scrollTop: drawnRange - (range - wanted) };
  const share = (wanted - edge) / (range - 2 * edge);
  return { top: wanted, scrollTop: edge + share * (drawnRange - 2 * edge) };
}

/** The place that shows a line (from 0) in the middle, or as the last one. */
export function placeOfLine(list: LongList, line: number, align: 'center' | 'end'): ListPlace {
  const bottom = (line + 1) * list.lineHeight;
  const below = align === 'end' ? 0 : (list.viewHeight - list.lineHeight) / 2;
  return placeAt(list, bottom + below - list.viewHeight);
}

/** The inverse of {@link placeAt}. */
function topOf(list: LongList, scrollTop: number): number {
  const range = fullRange(list);
  const drawnRange = mostHeight - list.viewHeight;
  const at = within(scrollTop, drawnRange);
  if (at <= edge) return at;
  if (at >= drawnRange - edge) return range - (drawnRange - at);
  return edge + ((at - edge) / (drawnRange - 2 * edge)) * (range - 2 * edge);
}

function fullRange({ lines, lineHeight, viewHeight }: LongList): number {
  return Math.max(0, lines * lineHeight - viewHeight);
}

function within(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
