// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { errorSchema } from '../api/errors.ts';

/** The answers of a route that gives that document: for the OpenAPI document and for the handler's type. */
export function answers<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
): {
  readonly 200: {
    readonly description: string;
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
  readonly 400: ErrorAnswer;
  readonly 403: ErrorAnswer;
  readonly 404: ErrorAnswer;
} {
  return {
    200: { description, content: { 'application/json': { schema } } },
    400: errorAnswer('The question is wrong.'),
    403: errorAnswer('Asked by another site, or under another name than the server goes by.'),
    404: errorAnswer('There is none.'),
  };
}

/**
 * Sends a document. What hono would derive of its type is what JSON makes of it, to which no interface of ours is
 * assignable; that it is what the route's schema says is what the contract test of the API is for.
 */
export function send(context: Context, document: object): never {
  return context.json(document as Record<string, unknown>, 200) as never;
}

/** Sends the document of something that has only begun. */
export function sendAccepted(context: Context, document: object): never {
  return context.json(document as Record<string, unknown>, 202) as never;
}

interface ErrorAnswer {
  readonly description: string;
  readonly content: { readonly 'application/json': { readonly schema: typeof errorSchema } };
}

export function errorAnswer(description: string): ErrorAnswer {
  return { description, content: { 'application/json': { schema: errorSchema } } };
}

export const campaignParameter = z
  .string()
  .min(1)
  .max(100)
  .openapi({ param: { name: 'campaign', in: 'path' }, example: '20260301-142530-3f2a' });

export const taskParameter = z.coerce
  .number()
  .int()
  .min(0)
  .openapi({ param: { name: 'task', in: 'path' }, example: 0 });
