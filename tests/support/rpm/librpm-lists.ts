// SPDX-License-Identifier: GPL-2.0-or-later
/** Lists of apt-rpm made and read by librpm itself, through the functions that genpkglist and apt-rpm call. */
import koffi from 'koffi';

const stringType = 6;
const stringArrayType = 8;
const int32Type = 4;

/** A tag's value that is none of the package's. */
export type AddedTag = readonly [tag: number, value: string | number | readonly string[]];

type Pointer = bigint;

/** librpm's structure for a tag's value, in the layout of rpm 4.16 to 4.20. */
const valueType = koffi.struct('rpmtd_s', {
  tag: 'uint32_t',
  type: 'uint32_t',
  count: 'uint32_t',
  data: 'void *',
  flags: 'uint32_t',
  ix: 'int',
  size: 'uint32_t',
});

const rpm = load();

function load(): Record<string, (...words: unknown[]) => unknown> {
  for (const version of ['9', '10']) {
    try {
      const lib = koffi.load(`librpm.so.${version}`);
      const io = koffi.load(`librpmio.so.${version}`);
      return {
        rpmReadConfigFiles: lib.func('int rpmReadConfigFiles(const char *file, const char *target)'),
        rpmtsCreate: lib.func('void *rpmtsCreate()'),
        rpmtsFree: lib.func('void *rpmtsFree(void *ts)'),
        rpmtsSetVSFlags: lib.func('uint32_t rpmtsSetVSFlags(void *ts, uint32_t flags)'),
        rpmReadPackageFile: lib.func(
          'int rpmReadPackageFile(void *ts, void *fd, const char *name, _Out_ void **header)',
        ),
        headerNew: lib.func('void *headerNew()'),
        headerFree: lib.func('void *headerFree(void *header)'),
        headerGet: lib.func(
          'int headerGet(void *header, uint32_t tag, _Inout_ rpmtd_s *value, uint32_t flags)',
        ),
        headerPut: lib.func('int headerPut(void *header, rpmtd_s *value, uint32_t flags)'),
        headerWrite: lib.func('int headerWrite(void *fd, void *header, int magic)'),
        headerRead: lib.func('void *headerRead(void *fd, int magic)'),
        headerGetString: lib.func('const char *headerGetString(void *header, uint32_t tag)'),
        Fopen: io.func('void *Fopen(const char *path, const char *mode)'),
        Fclose: io.func('int Fclose(void *fd)'),
      };
    } catch {
      // another Debian has the other one
    }
  }
  throw new Error('librpm is not installed: run script/bootstrap');
}

/** Writes a list of entries as genpkglist does: chosen tags of package files, copied raw, and others. */
export function writeListByLibrpm(
  path: string,
  entries: readonly {
    readonly file: string;
    readonly kept: readonly number[];
    readonly added: readonly AddedTag[];
  }[],
): void {
  call('rpmReadConfigFiles', null, null);
  const output = call('Fopen', path, 'w.ufdio') as Pointer;
  for (const { file, kept, added } of entries) {
    const source = readPackage(file);
    const header = call('headerNew') as Pointer;
    for (const tag of kept) {
      const value = { tag, type: 0, count: 0, data: null, flags: 0, ix: -1, size: 0 };
      if (call('headerGet', source, tag, value, rawValue) === 1) call('headerPut', header, value, 0);
    }
    for (const one of added) putValue(header, one);
    if (call('headerWrite', output, header, 1) !== 0) throw new Error('librpm could not write a header');
    call('headerFree', header);
    call('headerFree', source);
  }
  call('Fclose', output);
}

/** The names and file names in a list, as apt-rpm reads it: one headerRead after the other until there is none. */
export function readListByLibrpm(path: string, fileNameTag: number): readonly (readonly [string, string])[] {
  const input = call('Fopen', path, 'r.ufdio') as Pointer;
  const found: [string, string][] = [];
  for (;;) {
    const header = call('headerRead', input, 1) as Pointer | null;
    if (header === null) break;
    found.push([call('headerGetString', header, 1000) as string, stringOf(header, fileNameTag)]);
    call('headerFree', header);
  }
  call('Fclose', input);
  return found;
}

/** HEADERGET_RAW: translated texts with all their languages. */
const rawValue = 1 << 2;

function stringOf(header: Pointer, tag: number): string {
  const value = { tag, type: 0, count: 0, data: null as Pointer | null, flags: 0, ix: -1, size: 0 };
  if (call('headerGet', header, tag, value, rawValue) !== 1 || value.data === null) return '';
  return koffi.decode(value.data, 'char', -1) as string;
}

function readPackage(file: string): Pointer {
  const ts = call('rpmtsCreate') as Pointer;
  call('rpmtsSetVSFlags', ts, 0xffffffff);
  const input = call('Fopen', file, 'r.ufdio') as Pointer;
  const header: (Pointer | null)[] = [null];
  call('rpmReadPackageFile', ts, input, file, header);
  call('Fclose', input);
  call('rpmtsFree', ts);
  const [read] = header;
  if (read === undefined || read === null) throw new Error(`librpm could not read ${file}`);
  return read;
}

function putValue(header: Pointer, [tag, value]: AddedTag): void {
  const [type, data, count] =
    typeof value === 'number'
      ? [int32Type, koffi.as(new Uint32Array([value]), 'uint32_t *'), 1]
      : typeof value === 'string'
        ? [stringType, koffi.as(value, 'const char *'), 1]
        : [stringArrayType, koffi.as([...value], 'const char **'), value.length];
  call('headerPut', header, { tag, type, count, data, flags: 0, ix: -1, size: 0 }, 0);
}

function call(name: string, ...words: unknown[]): unknown {
  return rpm[name]?.(...words);
}

// named by the declarations above
void valueType;
