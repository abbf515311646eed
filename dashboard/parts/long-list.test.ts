// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnHeight, type ListPlace, type LongList, placeAt, placeOfLine, scrolled } from './long-list.ts';

const list = fc.record({
  lines: fc.oneof(fc.nat({ max: 400_000 }), fc.integer({ min: 460_000, max: 20_000_000 })),
  lineHeight: fc.constant(18),
  viewHeight: fc.integer({ min: 100, max: 1500 }),
});

const rangeOf = ({ lines, lineHeight, viewHeight }: LongList): number =>
  Math.max(0, lines * lineHeight - viewHeight);
const mostScroll = (one: LongList): number => Math.max(0, drawnHeight(one) - one.viewHeight);

test('every place has one position of the bar, in the same order, and pulling the bar there leads there', () => {
  fc.assert(
    fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
      const place = placeAt(one, rangeOf(one) * share);
      expect(place.scrollTop).toBeGreaterThanOrEqual(0);
      expect(place.scrollTop).toBeLessThanOrEqual(mostScroll(one) + 1e-6);
      expect(placeAt(one, place.top + 100).scrollTop).toBeGreaterThanOrEqual(place.scrollTop);
      const far = placeAt(one, share < 0.5 ? rangeOf(one) : 0);
      if (Math.abs(far.scrollTop - place.scrollTop) <= 3 * one.viewHeight) return;
      expect(scrolled(one, far, place.scrollTop).top).toBeCloseTo(place.top, 1);
    }),
  );
});

test('both ends are where the bar ends, from wherever one comes', () => {
  fc.assert(
    fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), (one, share) => {
      const place = placeAt(one, rangeOf(one) * share);
      expect(scrolled(one, place, 0).top).toBeCloseTo(0, 5);
      expect(scrolled(one, place, mostScroll(one)).top).toBeCloseTo(rangeOf(one), 5);
      expect(placeOfLine(one, one.lines - 1, 'end').top).toBeCloseTo(rangeOf(one), 5);
    }),
  );
});

test('a turn of the wheel goes as far as it does in a short list, and comes back', () => {
  const steps = fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 40 });
  fc.assert(
    fc.property(list, fc.double({ min: 0, max: 1, noNaN: true }), steps, (one, share, ways) => {
      let place: ListPlace = placeAt(one, rangeOf(one) * share);
      let expected = place.top;
      for (const way of ways) {
        const asked = Math.max(0, Math.min(mostScroll(one), place.scrollTop + way));
        const went = asked - place.scrollTop;
        place = scrolled(one, place, asked);
        expected = Math.max(0, Math.min(rangeOf(one), expected + went));
        expect(place.top).toBeCloseTo(expected, 3);
        // With room on both sides of the bar the whole way is gone.
        const isInTheMiddle = place.top > 300 && place.top < rangeOf(one) - 300;
        expect(isInTheMiddle ? went : way).toBeCloseTo(way, 3);
      }
    }),
  );
});
