// SPDX-License-Identifier: GPL-2.0-or-later
import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, fchownSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { invariant } from '../base/invariant.ts';
import { openPipe } from './libc.ts';

/** A descriptor that a child gets beyond 0, 1 and 2. */
export type ExtraFd =
  /** A conversation with the child: a socket; `onText` may answer. What it says is taken as it comes, not by lines. */
  | { readonly kind: 'channel'; readonly onText: (text: string, reply: (text: string) => void) => void }
  /** A file opened for writing. */
  | { readonly kind: 'file'; readonly path: string }
  /** The read end of a pipe that holds these bytes (at most 64 KiB, a pipe's room) and then ends. */
  | { readonly kind: 'data'; readonly bytes: Uint8Array };

export interface StdioRequest {
  readonly input: string | undefined;
  /** Standard streams are this process's own, and there is no `input`. */
  readonly onTerminal: boolean;
  /** Both outputs by one pipe, so that what is said stays in order: all of it is told as standard output. */
  readonly inOrder: boolean;
  /** uid and gid that own the pipes, who so may open /dev/stdout and /dev/stderr again. */
  readonly pipeOwner: number | undefined;
  readonly extraFds: readonly ExtraFd[];
  readonly onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void;
}

/** The child's descriptors: its ends to give to spawn, ours to read and write. */
export interface Stdio {
  readonly forSpawn: readonly ('ignore' | 'inherit' | 'pipe' | number)[];
  /** After spawn: closes the child's ends here, and begins to read and write ours. */
  begin(child: ChildProcess): void;
  /** Instead of {@link begin} where nothing was spawned. */
  abandon(): void;
  /**
   * After the child's exit: resolves when its outputs have ended; a process that it left behind and that holds them
   * open can't delay this by more than {@link drainQuietMs} of silence.
   */
  readonly drained: () => Promise<void>;
}

const drainQuietMs = 1000;

/** Makes real pipes for a child. Throws Node's errors (EMFILE, ENOENT for a file), with nothing left open. */
export function openStdio(request: StdioRequest): Stdio {
  invariant(!request.onTerminal || request.input === undefined, 'input for a command that has the terminal');
  const childEnds: number[] = [];
  const readers: { readonly fd: number; readonly stream: 'stdout' | 'stderr' }[] = [];
  let inputEnd: number | undefined;
  const closeAll = (): void => {
    for (const fd of childEnds.splice(0)) closeSync(fd);
    for (const { fd } of readers.splice(0)) closeSync(fd);
    if (inputEnd !== undefined) closeSync(inputEnd);
    inputEnd = undefined;
  };
  const own = (fd: number): number => {
    childEnds.push(fd);
    if (request.pipeOwner !== undefined) fchownSync(fd, request.pipeOwner, request.pipeOwner);
    return fd;
  };
  const outputEnd = (stream: 'stdout' | 'stderr'): number | 'inherit' => {
    if (request.onTerminal) return 'inherit';
    const { readEnd, writeEnd } = openPipe();
    readers.push({ fd: readEnd, stream });
    return own(writeEnd);
  };
  const inputOf = (): number | 'ignore' | 'inherit' => {
    if (request.onTerminal) return 'inherit';
    if (request.input === undefined || request.input === '') return 'ignore';
    const { readEnd, writeEnd } = openPipe();
    inputEnd = writeEnd;
    return own(readEnd);
  };
  const extraOf = (extra: ExtraFd): number | 'pipe' => {
    switch (extra.kind) {
      case 'channel':
        return 'pipe';
      case 'file': {
        const fd = openSync(extra.path, constants.O_WRONLY);
        childEnds.push(fd);
        return fd;
      }
      case 'data': {
        const { readEnd, writeEnd } = openPipe();
        childEnds.push(readEnd);
        try {
          invariant(writeSync(writeEnd, extra.bytes) === extra.bytes.length, 'data for a child fills a pipe');
        } finally {
          closeSync(writeEnd);
        }
        return readEnd;
      }
    }
  };

  let forSpawn: Stdio['forSpawn'];
  try {
    const output = outputEnd('stdout');
    const errors = request.inOrder ? output : outputEnd('stderr');
    forSpawn = [inputOf(), output, errors, ...request.extraFds.map(extraOf)];
  } catch (error) {
    closeAll();
    throw error;
  }

  const outputs: Output[] = [];
  const others: Socket[] = [];
  return {
    forSpawn,
    abandon: closeAll,
    begin(child) {
      for (const fd of childEnds.splice(0)) closeSync(fd);
      for (const { fd, stream } of readers.splice(0)) {
        outputs.push(readOutput(fd, (chunk) => request.onOutput(chunk, stream)));
      }
      if (inputEnd !== undefined) others.push(feed(inputEnd, request.input ?? ''));
      inputEnd = undefined;
      for (const [index, extra] of request.extraFds.entries()) {
        if (extra.kind === 'channel') others.push(converse(child.stdio[3 + index] as Socket, extra.onText));
      }
    },
    drained: async () => {
      for (const socket of others.splice(0)) socket.destroy();
      await Promise.all(outputs.map((output) => output.drained()));
    },
  };
}

interface Output {
  readonly drained: () => Promise<void>;
}

function readOutput(fd: number, onChunk: (chunk: Buffer) => void): Output {
  const socket = new Socket({ fd, readable: true, writable: false });
  let chunks = 0;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined); // 'close' follows
  socket.on('data', (chunk: Buffer) => {
    chunks++;
    onChunk(chunk);
  });
  return {
    drained: async () => {
      let seen = chunks;
      const timer = setInterval(() => {
        // A busy event loop fires timers before it reads: look again after it has had its chance to read.
        setImmediate(() => {
          if (chunks === seen) socket.destroy();
          seen = chunks;
        });
      }, drainQuietMs);
      await closed;
      clearInterval(timer);
    },
  };
}

function feed(fd: number, text: string): Socket {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.on('error', () => undefined); // EPIPE: the child may close its input before reading all of it
  return socket.end(text);
}

function converse(socket: Socket, onText: (text: string, reply: (text: string) => void) => void): Socket {
  socket.setEncoding('utf8');
  socket.on('error', () => undefined); // EPIPE, ECONNRESET: the child's end is told by its exit
  return socket.on('data', (text: string) => onText(text, (answer) => socket.write(answer)));
}
