// SPDX-License-Identifier: GPL-2.0-or-later
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { type AccessRules, hasToken, isToken, judgeAccess, securityHeaders, tokenCookie } from './access.ts';
import { errorDocument, httpError } from './http-error.ts';
import { metricsText } from './metrics.ts';
import { addCampaignRoutes } from './routes/campaign-routes.ts';
import { addChangeRoutes } from './routes/change-routes.ts';
import { addCompareRoutes } from './routes/compare-routes.ts';
import { addHostRoutes } from './routes/host-routes.ts';
import { addPackageRoutes } from './routes/package-routes.ts';
import { addTaskRoutes } from './routes/task-routes.ts';
import type { ServerEnvironment } from './server-environment.ts';
import type { ServerParts } from './server-parts.ts';

/** What a browser asks for that is no file of the page: the page itself finds out what to show. */
const pagePaths = /^\/(campaigns|compare|packages|host|start)(\/|$)/;
/** What is asked for is a few words; nobody gets a megabyte of memory here. */
const longestBody = 256 * 1024;

/** The whole server as a function from requests to responses. */
export function makeApp(
  parts: ServerParts,
  rulesNow: () => Promise<AccessRules>,
): OpenAPIHono<ServerEnvironment> {
  const app = new OpenAPIHono<ServerEnvironment>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const [issue] = result.error.issues;
      const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'wrong'}`;
      return context.json(errorDocument('bad-option', message, 'see /api/openapi.json'), 400);
    },
  });
  app.use(async (context, next) => {
    const { method, path } = context.req;
    const header = (name: string): string | undefined => context.req.header(name);
    const rules = await rulesNow();
    context.set('rules', rules);
    const access = judgeAccess(rules, { method, path, header });
    if (access.kind === 'refused') {
      const answer = context.json(
        errorDocument('refused', access.reason, 'use the address that was printed'),
      );
      return withHeaders(new Response(answer.body, { status: access.status, headers: answer.headers }));
    }
    await next();
    withHeaders(context.res);
    return undefined;
  });
  app.use(
    bodyLimit({
      maxSize: longestBody,
      onError: (context) =>
        context.json(errorDocument('bad-option', 'that is too much', 'see /api/openapi.json'), 413),
    }),
  );
  app.use(async (context, next) => {
    const { method } = context.req;
    const isJson = /^application\/json(;|$)/i.test(context.req.header('content-type') ?? '');
    // A form of another page could send anything else.
    if (method === 'POST' && !isJson) {
      return context.json(errorDocument('bad-option', 'that is not JSON', 'see /api/openapi.json'), 415);
    }
    await next();
    return undefined;
  });
  app.onError((error, context) => {
    const { status, document } = httpError(error);
    return context.json(document, status);
  });
  app.get('/health', (context) => context.json({ status: 'ok', version: parts.version }));
  app.get('/metrics', (context) =>
    context.text(
      metricsText(parts.campaigns.list(), { followers: parts.feeds.followers, version: parts.version }),
      200,
      { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    ),
  );
  app.get('/api/session', (context) =>
    context.json({
      mayChange: hasToken(context.get('rules'), { header: (name) => context.req.header(name) }),
    }),
  );
  addCampaignRoutes(app, parts);
  addTaskRoutes(app, parts);
  addPackageRoutes(app, parts);
  addCompareRoutes(app, parts);
  addHostRoutes(app, parts);
  addChangeRoutes(app, parts);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Paseka', version: parts.version },
    servers: [{ url: '/' }],
  });
  app.get('*', (context) => {
    const { method, path } = context.req;
    const rules = context.get('rules');
    if (method === 'GET' && path === '/' && isToken(rules, context.req.query('token'))) {
      context.header('set-cookie', tokenCookie(rules));
      return context.redirect('/', 303);
    }
    const name = path === '/' || pagePaths.test(path) ? 'index.html' : path.slice(1);
    const file = parts.dashboard.get(name);
    if (file === undefined) {
      return context.json(errorDocument('unknown-page', `there is no ${path}`, 'begin at /'), 404);
    }
    return context.body(file.bytes, 200, { 'content-type': file.type, 'cache-control': 'no-cache' });
  });
  return app;
}

function withHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(securityHeaders)) response.headers.set(name, value);
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store');
  return response;
}
