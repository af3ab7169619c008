// The default command's measuring part as the benches of its verdict run it: alone, or beside a neighbour at work.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Figure = { readonly value: number; readonly low: number; readonly high: number };
type Sized = {
  readonly instanceType: string;
  readonly measured?: { readonly burst?: Measured; readonly sustained?: Measured };
};
type Measured = { readonly perS: number; readonly low: number; readonly high: number };
type Graded = {
  readonly instanceType: string;
  readonly state: string;
  readonly errorPercent: number;
  readonly held: boolean;
};
export type Answer = {
  readonly exitCode: number;
  readonly headline?: { readonly text: string };
  readonly sizing?: { readonly instances: readonly Sized[] };
  readonly predictions?: readonly Graded[];
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The stages that figures rest on; the usual command looks for the saturation with more connections, and waits longer at rest. */
const profile = {
  name: 'verdict-repeats',
  stages: [
    { kind: 'idle', name: 'at rest', durationS: 2 },
    { kind: 'closed', name: 'warm-up', connections: 8, durationS: 6, warmUp: true },
    { kind: 'ladder', name: 'ladder', connections: [4, 8, 16, 32], durationS: 2, blocks: { count: 8, durationS: 2 } },
    { kind: 'idle', name: 'recovery', durationS: 2 },
  ],
  thresholds: ['errors.rate < 1%'],
};

/** `runs`: the folder of all runs of the series, in which a later one finds how fast the machine was before. */
export async function measureOnce(runs: string): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'repeats-'));
  const file = join(folder, 'profile.json');
  const out = join(folder, 'out.json');
  writeFileSync(file, JSON.stringify(profile));
  const words = ['cli', 'stress', '--instances', 't2.medium,t2.micro', '--emulate', 'always', '--profile', file];
  const script = '"$0" "$@" > "$OUT"';
  const args = ['-c', script, process.execPath, join(root, 'launch.js'), ...words, '--out', runs, '--json', '--quiet'];
  try {
    const child = spawn('/bin/sh', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, OUT: out } });
    await new Promise((resolve) => child.once('exit', resolve));
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Builds in a loop, or a process that takes all the CPU that it gets. Returns what ends it. */
export function startNeighbour(kind: 'build' | 'hog') {
  const script = kind === 'hog' ? 'while :; do :; done' : 'while :; do npm run -s build >/dev/null; done';
  const child = spawn('/bin/sh', ['-c', script], { cwd: root, stdio: 'ignore', detached: true });
  return () => process.kill(-(child.pid as number), 'SIGKILL');
}

/** By type and state. */
export function figuresOf({ sizing }: Answer): Map<string, Figure> {
  const named = (sizing?.instances ?? []).flatMap(({ instanceType, measured }) =>
    (['burst', 'sustained'] as const).flatMap((state) => {
      const found = measured?.[state];
      return found
        ? [[`${instanceType} ${state}`, { value: found.perS, low: found.low, high: found.high }] as const]
        : [];
    }),
  );
  return new Map(named);
}

export function describeAnswer(answer: Answer): string {
  const figures = [...figuresOf(answer)].map(
    ([name, { value, low, high }]) => `${name} ${Math.round(value)} (${Math.round(low)} to ${Math.round(high)})`,
  );
  const graded = (answer.predictions ?? []).map(
    ({ instanceType, state, errorPercent, held }) =>
      `${instanceType} ${state} ${errorPercent.toFixed(1)} % ${held ? 'held' : 'NOT held'}`,
  );
  if (answer.exitCode !== 0) return `exit ${answer.exitCode}; ${answer.headline?.text ?? 'no headline'}`;
  return `${figures.join(', ')}; predictions: ${graded.join(', ')}`;
}
