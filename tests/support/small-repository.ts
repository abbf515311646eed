// SPDX-License-Identifier: GPL-2.0-or-later
import { copyFile, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseDeb822 } from '../../src/distro/deb/deb822.ts';
import type { Repository } from '../../src/distro/repository.ts';
import { runTool } from './run-tool.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';
import {
  makeBinaryPackage,
  makeSourcePackage,
  type SmallBinary,
  type SmallSource,
} from './small-packages.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

export interface SmallRepositoryOptions {
  /** Default `small`. */
  readonly suite?: string;
  /** Default: the suite. */
  readonly codename?: string;
  /** Default `['main']`; empty for a flat repository at `./`. */
  readonly components?: readonly string[];
  /** Default `amd64`. */
  readonly architecture?: string;
  readonly origin?: string;
  readonly label?: string;
  /** `release-file: none` belongs to flat, trusted repositories. Default `in-release`. */
  readonly signature?: 'in-release' | 'detached' | 'unsigned' | 'no-release-file';
  /** Whether a Sources index is offered; default true. */
  readonly hasSources?: boolean;
  /** Further fields of the release file: `{ NotAutomatic: 'yes' }`. */
  readonly releaseFields?: Readonly<Record<string, string>>;
}

/** How a publication is to be made wrong. */
export interface PublishFaults {
  /** The release file's `Valid-Until`, such as a date in the past. */
  readonly validUntil?: Date;
}

/** The Packages or Sources index of a component. */
export interface IndexName {
  readonly kind: 'packages' | 'sources';
  readonly component?: string;
}

/**
 * A signed repository in a temporary directory, made with Debian's own tools. Add packages, {@link publish}, and serve
 * it by its `file:` URI or with loopback-server.ts. Spoil it after publishing with the methods named for the harm.
 */
export class SmallRepository implements AsyncDisposable {
  readonly directory: string;
  readonly key: SigningKey;
  readonly #options: Required<Omit<SmallRepositoryOptions, 'codename'>> & { readonly codename: string };
  readonly #cleanup: AsyncDisposableStack;

  private constructor(
    directory: string,
    key: SigningKey,
    options: SmallRepositoryOptions,
    cleanup: AsyncDisposableStack,
  ) {
    this.directory = directory;
    this.key = key;
    this.#cleanup = cleanup;
    const suite = options.suite ?? 'small';
    this.#options = {
      suite,
      codename: options.codename ?? suite,
      components: options.components ?? ['main'],
      architecture: options.architecture ?? 'amd64',
      origin: options.origin ?? 'Small',
      label: options.label ?? 'Small',
      signature: options.signature ?? 'in-release',
      hasSources: options.hasSources ?? true,
      releaseFields: options.releaseFields ?? {},
    };
  }

  /** An empty repository, not published yet. */
  static async make(options: SmallRepositoryOptions = {}): Promise<SmallRepository> {
    await using stack = new AsyncDisposableStack();
    const temporary = stack.use(await makeTemporaryDirectory('paseka-repo-'));
    const key = stack.use(await makeSigningKey(join(temporary.path, 'gpg')));
    const directory = join(temporary.path, 'repo');
    await mkdir(directory);
    return new SmallRepository(directory, key, options, stack.move());
  }

  /** The repository as a source for a freeze, by `file:` or below another base URI. */
  repository(uri = `file:${this.directory}`): Repository {
    const { suite, components, signature } = this.#options;
    const isSigned = signature === 'in-release' || signature === 'detached';
    return {
      uri,
      suite: components.length === 0 ? './' : suite,
      components,
      checkValidUntil: true,
      ...(isSigned ? { signedBy: this.key.keyring } : { trusted: true }),
    };
  }

  async addBinary(binary: SmallBinary, component?: string): Promise<string> {
    return makeBinaryPackage(binary, this.#poolDirectory(component));
  }

  async addSource(source: SmallSource, component?: string): Promise<string> {
    return makeSourcePackage(source, this.#poolDirectory(component));
  }

  /** Copies an existing .deb in; its path here. */
  async addDebFile(path: string, component?: string): Promise<string> {
    return copyInto(path, this.#poolDirectory(component));
  }

  /** Copies an existing .dsc and the files that it names in; the path of the .dsc here. */
  async addSourcePackage(dscPath: string, component?: string): Promise<string> {
    const pool = this.#poolDirectory(component);
    const [paragraph] = parseDeb822(await readFile(dscPath, 'utf8'));
    for (const row of (paragraph?.get('files') ?? '').trim().split('\n')) {
      const fileName = row.trim().split(/\s+/)[2];
      if (fileName !== undefined) await copyInto(join(dirname(dscPath), fileName), pool);
    }
    return copyInto(dscPath, pool);
  }

  /** Writes indices and release file for what was added so far, replacing what was published before. */
  async publish(faults: PublishFaults = {}): Promise<void> {
    const { components, signature, architecture } = this.#options;
    for (const component of components.length === 0 ? [undefined] : components) {
      await mkdir(this.#poolDirectory(component), { recursive: true });
      await this.#writeIndex('packages', component, ['--arch', architecture, 'packages']);
      if (this.#options.hasSources) await this.#writeIndex('sources', component, ['sources']);
    }
    const releaseDirectory = this.#releaseDirectory();
    for (const name of ['Release', 'InRelease', 'Release.gpg'])
      await rm(join(releaseDirectory, name), { force: true });
    if (signature === 'no-release-file') return;
    const release = await runTool(['apt-ftparchive', ...this.#releaseOptions(), 'release', releaseDirectory]);
    const releasePath = join(releaseDirectory, 'Release');
    await writeFile(releasePath, this.#extraReleaseFields(faults) + release);
    if (signature === 'in-release')
      await this.key.clearSign(releasePath, join(releaseDirectory, 'InRelease'));
    if (signature === 'detached')
      await this.key.detachSign(releasePath, join(releaseDirectory, 'Release.gpg'));
  }

  /** Changes one signed word, so that the signature no longer fits. */
  async breakSignature(): Promise<void> {
    const path = join(this.#releaseDirectory(), 'InRelease');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^Label: .*$/m, 'Label: Forged'));
  }

  /** Replaces the index by one of other content, as long as the signed one when uncompressed. */
  async changeIndex(index: IndexName): Promise<void> {
    const path = this.indexPath(index);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/Test/g, 'Tset'));
    await writeFile(`${path}.gz`, gzipSync(await readFile(path)));
  }

  /** Cuts the index's files to half their length. */
  async truncateIndex(index: IndexName): Promise<void> {
    for (const path of [this.indexPath(index), `${this.indexPath(index)}.gz`]) {
      await truncate(path, Math.floor((await readFile(path)).length / 2));
    }
  }

  /** Path of the uncompressed index; the `.gz` stands beside it. */
  indexPath({ kind, component = this.#options.components[0] }: IndexName): string {
    if (component === undefined) return join(this.directory, kind === 'packages' ? 'Packages' : 'Sources');
    const name = kind === 'packages' ? `binary-${this.#options.architecture}/Packages` : 'source/Sources';
    return join(this.#releaseDirectory(), component, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup.disposeAsync();
  }

  #poolDirectory(component: string | undefined = this.#options.components[0]): string {
    return join(this.directory, 'pool', component ?? '');
  }

  #releaseDirectory(): string {
    if (this.#options.components.length === 0) return this.directory;
    return join(this.directory, 'dists', this.#options.suite);
  }

  async #writeIndex(
    kind: IndexName['kind'],
    component: string | undefined,
    command: readonly string[],
  ): Promise<void> {
    const pool = join('pool', component ?? '');
    const text = await runTool(['apt-ftparchive', ...command, pool], { workingDirectory: this.directory });
    const path = this.indexPath({ kind, ...(component === undefined ? {} : { component }) });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await writeFile(`${path}.gz`, gzipSync(text));
  }

  #releaseOptions(): string[] {
    const { suite, codename, components, architecture, origin, label } = this.#options;
    const fields = {
      Origin: origin,
      Label: label,
      Suite: suite,
      Codename: codename,
      Architectures: architecture,
      ...(components.length === 0 ? {} : { Components: components.join(' ') }),
    };
    return Object.entries(fields).flatMap(([name, value]) => [
      '-o',
      `APT::FTPArchive::Release::${name}=${value}`,
    ]);
  }

  // apt-ftparchive has no option for Valid-Until
  #extraReleaseFields(faults: PublishFaults): string {
    const validUntil = faults.validUntil?.toUTCString().replace('GMT', 'UTC');
    const fields = {
      ...this.#options.releaseFields,
      ...(validUntil === undefined ? {} : { 'Valid-Until': validUntil }),
    };
    return Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join('');
  }
}

async function copyInto(path: string, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const target = join(directory, basename(path));
  await copyFile(path, target);
  return target;
}
