// Our closed stage against bare autocannon: same target, connections and seconds, in turn.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { LoadLine } from '../../model/second.ts';

export const claim = 'requests per second of a closed stage against bare autocannon: median ratio >= 0.95';

const pairs = 5;
const connections = 32;
const seconds = 5;

function start(script: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk).trim();
}

async function bare(url: string): Promise<number> {
  const child = start('bare-autocannon.ts', url, String(connections), String(seconds));
  const line = await firstLine(child);
  await once(child, 'exit');
  return JSON.parse(line).throughputPerS;
}

async function ours(origin: string): Promise<number> {
  const generators = await startGenerators(1, process.env);
  const lines: LoadLine[] = [];
  const routes = [{ name: 'go', method: 'GET' as const, path: '/', weight: 1, headers: {}, expect: [302] }];
  const order = {
    kind: 'closed' as const,
    stage: 0,
    generator: 0,
    origin,
    routes,
    connections,
    durationS: seconds,
    timeoutS: 5,
    insecure: false,
  };
  await generators.run([order], (line) => line.kind === 'load' && lines.push(line));
  generators.close();
  return lines.reduce((sum, line) => sum + line.outcomes.ok, 0) / lines.reduce((sum, line) => sum + line.durationS, 0);
}

/** Prints each pair and the median ratio. */
export async function run(): Promise<boolean> {
  const target = start('fixed-target.ts');
  const origin = await firstLine(target);
  const ratios: number[] = [];
  await bare(origin);
  for (let pair = 0; pair < pairs; pair++) {
    const [a, b] =
      pair % 2 === 0 ? [await ours(origin), await bare(origin)] : [await bare(origin), await ours(origin)].reverse();
    ratios.push((a as number) / (b as number));
    process.stdout.write(
      `   headroom ${Math.round(a as number)}/s   autocannon ${Math.round(b as number)}/s   ratio ${ratios.at(-1)?.toFixed(3)}\n`,
    );
  }
  target.stdin?.end();
  const median = ratios.sort((a, b) => a - b)[Math.floor(pairs / 2)] as number;
  process.stdout.write(`   median ratio ${median.toFixed(3)}\n`);
  return median >= 0.95;
}
