// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { RunDirectory } from '../buildroot/run-directory.ts';
import { cloneCommand } from '../host/clone-command.ts';
import { copyDirectoryAttributes } from '../host/directory-attributes.ts';
import { isDirectory, isErrno } from '../host/files.ts';
import { inputDigest } from '../host/input-digest.ts';
import { isSuccess, type ProcessEnd, runProcess } from '../host/process.ts';
import type { PreparedInput } from '../store/prepared/prepared-directory.ts';
import type { PreparedRecipe, PreparedStore, PrepareEnd } from '../store/prepared/prepared-store.ts';
import type { CountedEnvironment } from './counted-environment.ts';

/** `paseka workdir prepare`: a directory that a command fills once, for clones to start from. */
export interface PrepareWorkdirRequest {
  readonly name: string;
  /** Where the command sees the directory, absolute: what it writes may hold this path. Owner and mode are those of what is there. */
  readonly at: string;
  readonly command: readonly [string, ...string[]];
  /** The command's whole environment; PASEKA_WORKDIR, where the directory is seen, is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** What of the environment the directory depends on. */
  readonly counted: CountedEnvironment;
  /** Absolute paths of files and directories that it depends on. */
  readonly inputs: readonly string[];
  /** As in CloneRunRequest. */
  readonly contained: boolean;
  readonly signal: AbortSignal;
  readonly onOutput: (chunk: Uint8Array) => void;
  /** Called before the command is run. */
  readonly onMake: () => void;
  readonly onWait: () => void;
}

/**
 * Prepares it unless that was done already from the same command, inputs and environment. The failure is how the command
 * ended; then the name stands for what it stood for before. Throws PasekaError bad-option (an input that isn't there),
 * cancelled, mount-failed, disk-full.
 */
export async function prepareWorkdir(
  run: RunDirectory,
  store: PreparedStore,
  request: PrepareWorkdirRequest,
): Promise<PrepareEnd<ProcessEnd>> {
  const end = await store.ensure<ProcessEnd>({
    name: request.name,
    recipe: () => lookAt(request),
    make: (directory) => fill(run, directory, request),
    signal: request.signal,
    onWait: request.onWait,
  });
  if (end.kind === 'failed' && end.failure.kind === 'cancelled') {
    throw new PasekaError(
      'cancelled',
      `preparing ${request.name} was cancelled`,
      'run the same command again',
    );
  }
  return end;
}

/** Inputs that are others now than they were when a directory was prepared. */
export async function changedInputs(inputs: readonly PreparedInput[]): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const { path, digest } of inputs) if ((await digestOf(path)) !== digest) changed.push(path);
  return changed;
}

/**
 * The working directory is part of it, as words of a command may be relative to it. That what the command reads besides is
 * named as an input is the user's part.
 */
async function lookAt(request: PrepareWorkdirRequest): Promise<PreparedRecipe> {
  const { at, command, workingDirectory, counted: environment } = request;
  const inputs: PreparedInput[] = [];
  for (const path of request.inputs) {
    const digest = await digestOf(path);
    if (digest === undefined) {
      throw new PasekaError('bad-option', `--input ${path}: there is no such file`, 'name what is there');
    }
    inputs.push({ path, digest });
  }
  const key = digestOfParts({
    at,
    command: JSON.stringify(command),
    workingDirectory,
    environment: JSON.stringify(environment),
    inputs: JSON.stringify(inputs),
  });
  return { key, at, command, inputs, environment };
}

async function digestOf(path: string): ReturnType<typeof inputDigest> {
  try {
    return await inputDigest(path);
  } catch (error) {
    if (!isErrno(error, 'EACCES', 'EPERM')) throw error;
    throw new PasekaError(
      'bad-option',
      `--input ${path} can't be read: ${(error as Error).message}`,
      'name files that you may read',
      error,
    );
  }
}

async function fill(
  run: RunDirectory,
  directory: string,
  request: PrepareWorkdirRequest,
): Promise<'made' | ProcessEnd> {
  if (await isDirectory(request.at)) await copyDirectoryAttributes(request.at, directory);
  await using mountPoint = await run.mountPoint(request.at);
  request.onMake();
  const { end } = await runProcess({
    command: cloneCommand({
      ...request,
      clone: directory,
      at: mountPoint.path,
      rootsDirectory: run.rootsDirectory,
    }),
    environment: { ...request.environment, PASEKA_WORKDIR: request.at },
    contained: request.contained,
    captureBytes: 0,
    graceMs: 5000,
    signal: request.signal,
    onOutput: request.onOutput,
  });
  return isSuccess(end) ? 'made' : end;
}
