// SPDX-License-Identifier: GPL-2.0-or-later
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { client } from '../data/client.ts';
import type { LogPlace } from '../data/data-client.ts';
import { styledPieces } from './ansi.ts';
import { count, countOf } from './format.ts';
import { LogSearch } from './log-search.tsx';
import { Failed, Loading } from './messages.tsx';
import { useLongList } from './use-long-list.ts';

const lineHeight = 18;
const blockLines = 400;
const growMs = 1000;

interface Props {
  readonly place: LogPlace;
  readonly isGrowing: boolean;
  /** To begin with. */
  readonly line: number | undefined;
  /** The lines that decided the outcome. */
  readonly marked: ReadonlySet<number>;
}

/** The log of an attempt: only what can be seen is fetched and drawn. */
export function LogView({ place, isGrowing, line, marked }: Props): ReactElement {
  const key = [place.campaign, place.task, place.attempt] as const;
  const end = useQuery({
    // What came last before the task ended is asked for once more.
    queryKey: ['log-end', ...key, isGrowing],
    queryFn: () => client.logLines(place, -1, 1),
    refetchInterval: isGrowing && client.isLive ? growMs : false,
    placeholderData: (before) => before,
  });
  const [isFollowing, setFollowing] = useState(isGrowing && line === undefined);
  const total = end.data?.totalLines ?? 0;
  return (
    <section className="log" id="log" aria-labelledby="log-title">
      <div className="log-head">
        <h2 id="log-title">Log</h2>
        <span className="quiet">{end.data === undefined ? '' : countOf(total, 'line')}</span>
        {isGrowing && client.isLive ? (
          <label>
            <input
              type="checkbox"
              checked={isFollowing}
              onChange={({ target }) => setFollowing(target.checked)}
            />{' '}
            follow
          </label>
        ) : null}
        <LogSearch place={place} />
      </div>
      {end.error === null ? null : <Failed error={end.error} />}
      {end.data === undefined ? (
        end.error === null ? (
          <Loading />
        ) : null
      ) : (
        <Lines
          place={place}
          total={total}
          lastLine={end.data.lines.at(-1) ?? ''}
          line={line}
          marked={marked}
          isFollowing={isFollowing}
          onScrolledBack={() => setFollowing(false)}
        />
      )}
    </section>
  );
}

interface LinesProps extends Omit<Props, 'isGrowing'> {
  readonly total: number;
  /** It may be half written. */
  readonly lastLine: string;
  readonly isFollowing: boolean;
  readonly onScrolledBack: () => void;
}

function Lines({
  place,
  total,
  lastLine,
  line,
  marked,
  isFollowing,
  onScrolledBack,
}: LinesProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const { height, from, to, startOf, showLine, onScroll } = useLongList(box, total, lineHeight);
  const latest = useRef(showLine);
  latest.current = showLine;
  // Not again when the log grows.
  useEffect(() => {
    if (line !== undefined) latest.current(line - 1, 'center');
  }, [line]);
  useEffect(() => {
    if (isFollowing && total > 0) showLine(total - 1, 'end');
  }, [isFollowing, total, showLine]);
  const shown = Array.from({ length: Math.max(0, to - from) }, (_, index) => ({
    index: from + index,
    start: startOf(from + index),
  }));
  const blocks = [...new Set(shown.map(({ index }) => Math.floor(index / blockLines)))];
  return (
    <div
      ref={box}
      className="lines"
      tabIndex={0}
      role="region"
      aria-label="Lines of the log"
      onScroll={() => {
        if (onScroll()) onScrolledBack();
      }}
    >
      <div className="lines-inner" style={{ height }}>
        {blocks.map((block) => (
          <Block
            key={block}
            place={place}
            block={block}
            shown={shown.filter(({ index }) => Math.floor(index / blockLines) === block)}
            total={total}
            lastLine={lastLine}
            line={line}
            marked={marked}
          />
        ))}
      </div>
    </div>
  );
}

interface BlockProps extends Omit<Props, 'isGrowing'> {
  readonly block: number;
  readonly total: number;
  readonly lastLine: string;
  readonly shown: readonly { readonly index: number; readonly start: number }[];
}

/** Four hundred lines that are fetched together. */
function Block({ place, block, total, lastLine, shown, line, marked }: BlockProps): ReactElement {
  const from = block * blockLines + 1;
  // The last block grows, and so may its last line; those before it don't change any more.
  const linesNow = Math.min(blockLines, total - from + 1);
  const growing = from + linesNow > total ? lastLine : '';
  const { data } = useQuery({
    queryKey: ['log', place.campaign, place.task, place.attempt, block, linesNow, growing],
    queryFn: () => client.logLines(place, from, blockLines),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => (before?.firstLine === from ? before : undefined),
  });
  return (
    <>
      {shown.map(({ index, start }) => {
        const number = index + 1;
        const text = data?.lines[number - data.firstLine];
        const className = [
          'log-line',
          number === line ? 'current' : '',
          marked.has(number) ? 'decisive' : '',
          text?.startsWith('== ') === true ? 'heading' : '',
        ]
          .filter(Boolean)
          .join(' ');
        return (
          <div key={number} className={className} style={{ transform: `translateY(${start}px)` }}>
            <Link
              to="/campaigns/$campaign/tasks/$task"
              params={{ campaign: place.campaign, task: String(place.task) }}
              search={{ attempt: place.attempt, line: number }}
              replace
              resetScroll={false}
              className="line-number"
              aria-label={`line ${count(number)}`}
              tabIndex={-1}
            >
              {number}
            </Link>
            <span className="line-text">{text === undefined ? '' : <LineText text={text} />}</span>
          </div>
        );
      })}
    </>
  );
}

function LineText({ text }: { readonly text: string }): ReactElement {
  return (
    <>
      {styledPieces(text).map((piece, index) =>
        piece.className === '' ? (
          piece.text
        ) : (
          // Pieces of a line don't move.
          <span key={`${index} ${piece.className}`} className={piece.className}>
            {piece.text}
          </span>
        ),
      )}
    </>
  );
}
