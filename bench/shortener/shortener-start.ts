// From the start of the shortener's process until it has said that it is ready, beside a Node process that does nothing.
import { execFileSync } from 'node:child_process';
import { buildApp } from './build.ts';
import { median, startApp, tempFolder } from './process.ts';

export const claim =
  'the built shortener is ready < 500 ms after its start, with one and with two workers; medians of 9';

const STARTS = 9;

/** Prints the table. */
export async function run(): Promise<boolean> {
  const dataDir = tempFolder();
  const server = buildApp();
  const ways = {
    'built, 1 worker': { workers: 1, server },
    'built, 2 workers': { workers: 2, server },
    'sources by tsx, 1 worker': { workers: 1 },
  };
  const bare: number[] = [];
  const taken = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
  for (let round = 0; round <= STARTS; round += 1) {
    const beforeMs = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    if (round > 0) bare.push(performance.now() - beforeMs);
    for (const [name, options] of Object.entries(ways)) {
      const app = await startApp({ dataDir, ...options });
      await app.stop();
      // The first round brings the files into memory.
      if (round > 0) taken.get(name)?.push(app.startMs);
    }
  }
  for (const [name, times] of [['node -e 0', bare] as const, ...taken]) {
    console.log(
      `   ${name.padEnd(26)} ${median(times).toFixed(0).padStart(5)} ms (${times.map((ms) => ms.toFixed(0)).join(', ')})`,
    );
  }
  return ['built, 1 worker', 'built, 2 workers'].every((name) => median(taken.get(name) ?? []) < 500);
}
