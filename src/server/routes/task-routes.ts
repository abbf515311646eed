// SPDX-License-Identifier: GPL-2.0-or-later
import { join, relative } from 'node:path';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PasekaError } from '../../base/paseka-error.ts';
import { resultsDirectory } from '../../campaign/results-directory.ts';
import type { AttemptState, CampaignState, TaskState } from '../../events/campaign-state.ts';
import type { TaskId } from '../../events/events.ts';
import { logLinesSchema, logMatchesSchema, taskDependenciesSchema, taskSchema } from '../api/tasks.ts';
import type { OpenFile } from '../campaign-files.ts';
import type { ServerEnvironment } from '../server-environment.ts';
import type { ServerParts } from '../server-parts.ts';
import { taskDocument } from '../task-document.ts';
import { answers, campaignParameter, errorAnswer, send, taskParameter } from './answers.ts';

const mostLines = 5000;

const params = z.object({ campaign: campaignParameter, task: taskParameter });
const attempt = z.coerce.number().int().min(1).optional();

const show = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/tasks/{task}',
  summary: 'A task with its attempts, phases, install checks and artifacts, and what its source took earlier',
  request: { params },
  responses: answers(taskSchema, 'The task.'),
});

const dependencies = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/tasks/{task}/dependencies',
  summary:
    'What was installed to build a task, and what asked for each; takes a second or more, and the token',
  request: { params },
  responses: answers(taskDependenciesSchema, 'The dependencies.'),
});

const log = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/tasks/{task}/log',
  summary: "Lines of an attempt's log",
  request: {
    params,
    query: z.object({
      attempt,
      /** Below 0 from the end. */
      from: z.coerce.number().int().default(1),
      count: z.coerce.number().int().min(1).max(mostLines).default(200),
    }),
  },
  responses: answers(logLinesSchema, 'The lines.'),
});

const search = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/tasks/{task}/log/search',
  summary: "The lines of an attempt's log that contain a text, letter for letter",
  request: {
    params,
    query: z.object({
      attempt,
      text: z.string().min(1).max(200),
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
  },
  responses: answers(logMatchesSchema, 'The lines found.'),
});

const artifact = createRoute({
  method: 'get',
  path: '/api/campaigns/{campaign}/tasks/{task}/artifacts/{file}',
  summary: 'A file that a task gave',
  request: { params: params.extend({ file: z.string().min(1).max(500) }) },
  responses: {
    200: {
      description: 'The file.',
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    404: errorAnswer('There is none.'),
  },
});

/** What there is to ask of single tasks. */
export function addTaskRoutes(app: OpenAPIHono<ServerEnvironment>, parts: ServerParts): void {
  const { feeds, files, packages } = parts;
  app.openapi(show, async (context) => {
    const { campaign, task: number } = context.req.valid('param');
    const { state } = await feeds.open(campaign);
    const task = taskOf(state, number);
    return send(context, taskDocument(state, task, packages));
  });
  app.openapi(dependencies, async (context) => {
    const { campaign, task: number } = context.req.valid('param');
    const { state } = await feeds.open(campaign);
    return send(context, await parts.dependencies.read(state, taskOf(state, number), parts.signal));
  });
  app.openapi(log, async (context) => {
    const { campaign, task: number } = context.req.valid('param');
    const asked = context.req.valid('query');
    const { state } = await feeds.open(campaign);
    const { log: path } = attemptOf(taskOf(state, number), asked.attempt);
    const lines = await files.logLines(state.id, path, asked.from, asked.count);
    if (lines === undefined) throw unknown(`the log of task ${number} is not there any more`);
    return send(context, lines);
  });
  app.openapi(search, async (context) => {
    const { campaign, task: number } = context.req.valid('param');
    const asked = context.req.valid('query');
    const { state } = await feeds.open(campaign);
    const { log: path } = attemptOf(taskOf(state, number), asked.attempt);
    const found = await files.searchLog(state.id, path, asked.text, asked.after, asked.limit);
    if (found === undefined) throw unknown(`the log of task ${number} is not there any more`);
    return send(context, found);
  });
  app.openapi(artifact, async (context) => {
    const { campaign, task: number, file } = context.req.valid('param');
    const { state } = await feeds.open(campaign);
    const task = taskOf(state, number);
    const known = task.artifacts.find((one) => one.file === file);
    const opened =
      known === undefined
        ? undefined
        : await files.open(state.id, join(relative(state.id, resultsDirectory('', state, task)), known.file));
    if (opened === undefined) throw unknown(`task ${number} gave no file ${file}`);
    if (context.req.method === 'HEAD') await opened.stream.cancel();
    return asDownload(opened, file, context.req.method === 'HEAD');
  });
}

function taskOf(state: CampaignState, number: number): TaskState {
  const task = state.tasks.get(number as TaskId);
  if (task === undefined) throw unknown(`campaign ${state.id} has no task ${number}`);
  return task;
}

function attemptOf(task: TaskState, number: number | undefined): AttemptState {
  const attempt =
    number === undefined ? task.attempts.at(-1) : task.attempts.find((one) => one.attempt === number);
  if (attempt === undefined) throw unknown(`task ${task.task} has no attempt ${number ?? 'yet'}`);
  return attempt;
}

function unknown(message: string): PasekaError {
  return new PasekaError('unknown-task', message, 'look at the tasks of the campaign');
}

/** Never shown in the page's own place: what a package gave could be a page with scripts. */
function asDownload({ bytes, stream }: OpenFile, name: string, isHead: boolean): Response {
  return new Response(isHead ? null : stream, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
  });
}
