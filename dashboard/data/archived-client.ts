// SPDX-License-Identifier: GPL-2.0-or-later
import type { LogLines } from '../../src/server/api/tasks.ts';
import { ApiError, type DataClient, type LogPlace } from './data-client.ts';

/** What a report's scripts put into the page: documents of the API by their paths. */
export interface ReportData {
  /** The address to begin at. */
  readonly start: string;
  /** Documents that are here already. */
  readonly documents: Record<string, unknown>;
  /** The others' files: how many tasks' documents each has; 0 where there are none, all that there is being here. */
  readonly tasksInFile: number;
}

declare global {
  interface Window {
    pasekaReport?: ReportData;
  }
}

/** The report that the page stands in: data in the page itself, and in scripts beside it that are loaded when needed. */
export function archivedClient(report: ReportData): DataClient {
  const loading = new Map<string, Promise<void>>();
  const get = async (path: string): Promise<unknown> => {
    if (!(path in report.documents)) {
      const file = fileOf(report, path);
      if (file !== undefined) {
        const loaded = loading.get(file) ?? loadScript(file);
        loading.set(file, loaded);
        await loaded;
      }
    }
    if (path in report.documents) return report.documents[path];
    throw new ApiError(404, 'this is not in the report', 'ask the machine where the campaign ran');
  };
  const log = async ({ campaign, task, attempt }: LogPlace): Promise<LogLines> =>
    (await get(`/api/campaigns/${campaign}/tasks/${task}/log?attempt=${attempt}`)) as LogLines;
  return {
    isLive: false,
    get: async <Document>(path: string) => (await get(path)) as Document,
    post: () => Promise.reject(new ApiError(405, 'a report changes nothing', 'use the dashboard')),
    follow: (_campaign, _afterSeq, _onEvents, onConnection) => {
      onConnection('archived');
      return () => undefined;
    },
    logLines: async (place, from, count) => {
      const { firstLine, lines, totalLines } = await log(place);
      const first = Math.max(firstLine, from < 0 ? totalLines + from + 1 : from);
      const start = first - firstLine;
      return { firstLine: first, lines: lines.slice(start, start + count), totalLines };
    },
    searchLog: async (place, text, after) => {
      const { firstLine, lines } = await log(place);
      const matches = lines
        .map((line, index) => ({ line: firstLine + index, text: line }))
        .filter(({ line, text: found }) => line > after && found.includes(text));
      return { matches, hasMore: false };
    },
    artifactAddress: () => undefined,
  };
}

/** Which script beside the page has a document (server/report writes them so); undefined for none. */
function fileOf(report: ReportData, path: string): string | undefined {
  if (report.tasksInFile === 0) return undefined;
  const task = /^\/api\/campaigns\/[^/]+\/tasks\/(\d+)/.exec(path)?.[1];
  if (task !== undefined) return `data/tasks-${Math.floor(Number(task) / report.tasksInFile)}.js`;
  const part = /^\/api\/campaigns\/[^/]+\/(timeline|resources)$/.exec(path)?.[1];
  return part === undefined ? undefined : `data/${part}.js`;
}

function loadScript(file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = file;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () =>
      reject(new ApiError(404, `${file} is not beside this page`, 'keep the report together')),
    );
    document.head.append(script);
  });
}
