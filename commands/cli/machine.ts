// The machine that a run was made on: enough to know which figures may be compared.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, hostname, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Generator } from '../../model/run-record.ts';

let known: Omit<Generator, 'processes'> | undefined;

/** This machine and the versions of its load generators, as of the first call: files may change before a run ends. */
export function describeGenerator(processes: number): Generator {
  known ??= describeMachine();
  return { ...known, processes };
}

function describeMachine(): Omit<Generator, 'processes'> {
  const processors = cpus();
  return {
    hostname: hostname(),
    platform: `${platform()} ${release()} ${arch()}`,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, processors.length),
    memoryGiB: totalmem() / 1024 ** 3,
    versions: {
      headroom: ownVersion(),
      node: process.versions.node,
      autocannon: versionOf('autocannon'),
    },
  };
}

/** Read from package.json without loading the package, which only the generators need. */
function versionOf(name: string): string {
  return createRequire(import.meta.url)(`${name}/package.json`).version;
}

export function ownVersion(): string {
  return ownPackage().version;
}

/** `npm install` of the packages that only some users need, in the versions that headroom was tested with. */
export function optionalInstall(): string {
  const packages = Object.entries(ownPackage().peerDependencies).map(([name, version]) => `${name}@${version}`);
  return `npm install --no-save ${packages.join(' ')}`;
}

type OwnPackage = { readonly version: string; readonly peerDependencies: Readonly<Record<string, string>> };

/** headroom's package.json, beside the sources or above the build. */
function ownPackage(): OwnPackage {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      return JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error('package.json is missing beside the sources and above the build');
}

let commit: { readonly hash: string | undefined } | undefined;

/** The commit of the sources, as of the first call; undefined outside a git checkout. */
export function ownCommit(): string | undefined {
  commit ??= { hash: readCommit() };
  return commit.hash;
}

function readCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // No git, or no checkout: a packed release has no commit.
    return undefined;
  }
}
