// SPDX-License-Identifier: GPL-2.0-or-later
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import {
  drawnHeight,
  isLonger,
  type ListPlace,
  type LongList,
  placeAt,
  placeOfLine,
  scrolled,
} from './long-list.ts';

const overscan = 20;
/** The scroll bar is put where it belongs when nothing has moved for so long. */
const restMs = 200;

/** The lines that are to be drawn, and where. */
export interface DrawnLines {
  /** Of the element in the one that scrolls. */
  readonly height: number;
  /** Lines from 0: the first one, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Where a line begins in that element. */
  readonly startOf: (line: number) => number;
  readonly showLine: (line: number, align: 'center' | 'end') => void;
  /** To be called with each event of scrolling; gives whether the list was moved back, away from its end. */
  readonly onScroll: () => boolean;
}

/** A list of any length in an element that scrolls. */
export function useLongList(
  box: RefObject<HTMLElement | null>,
  lines: number,
  lineHeight: number,
): DrawnLines {
  const [place, setPlace] = useState<ListPlace>({ top: 0, scrollTop: 0 });
  const [viewHeight, setViewHeight] = useState(0);
  const current = useRef(place);
  const resting = useRef<number>(undefined);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setViewHeight(element.clientHeight));
    observer.observe(element);
    return () => {
      observer.disconnect();
      clearTimeout(resting.current);
    };
  }, [box]);
  const listNow = useCallback(
    (): LongList => ({ lines, lineHeight, viewHeight: box.current?.clientHeight ?? 0 }),
    [box, lines, lineHeight],
  );
  /** The browser may round where it scrolls to: what it made of it is what we go on from. */
  const moveTo = useCallback(
    (next: ListPlace) => {
      const element = box.current;
      if (element === null) return;
      if (element.scrollTop !== next.scrollTop) element.scrollTop = next.scrollTop;
      current.current = { top: next.top, scrollTop: element.scrollTop };
      setPlace(current.current);
    },
    [box],
  );
  const onScroll = (): boolean => {
    const element = box.current;
    if (element === null) return false;
    const list = listNow();
    const before = current.current;
    const next = scrolled(list, before, element.scrollTop);
    flushSync(() => moveTo(next));
    clearTimeout(resting.current);
    if (isLonger(list)) {
      resting.current = window.setTimeout(
        () => flushSync(() => moveTo(placeAt(listNow(), current.current.top))),
        restMs,
      );
    }
    const below = lines * lineHeight - next.top - list.viewHeight;
    return next.top < before.top && below > lineHeight;
  };
  const showLine = useCallback(
    (line: number, align: 'center' | 'end') => moveTo(placeOfLine(listNow(), line, align)),
    [listNow, moveTo],
  );
  const first = Math.floor(place.top / lineHeight);
  return {
    height: drawnHeight({ lines, lineHeight, viewHeight }),
    from: Math.max(0, first - overscan),
    to: Math.min(lines, first + Math.ceil(viewHeight / lineHeight) + overscan),
    startOf: (line) => line * lineHeight - place.top + place.scrollTop,
    showLine,
    onScroll,
  };
}
