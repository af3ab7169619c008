// One process of the shortener against its peers, all pinned to core 0 with wrk on core 1, in turn.
import { fileURLToPath } from 'node:url';
import { median, type Program, startApp, startPeer, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim =
  'redirects of one process: >= 0.9 of bare node:http, >= 5x plain Express 5, over medians of 5 rounds';

const ROUNDS = 5;

interface Round {
  readonly perS: number;
  readonly cpuUs: number;
}

/** Prints the table and the ratios. */
export async function run(): Promise<boolean> {
  const peer = (script: string): Promise<Program> => {
    const path = fileURLToPath(new URL(script, import.meta.url));
    return startPeer(process.execPath, ['--import', 'tsx', path], '0');
  };
  const programs = {
    'bare node:http': await peer('bare-redirects.ts'),
    'plain Express 5': await peer('express-redirects.ts'),
    shortener: await startApp({ workers: 1, cores: '0', dataDir: tempFolder() }),
  };
  const rounds = new Map<string, Round[]>(Object.keys(programs).map((name) => [name, []]));
  for (const { url } of Object.values(programs)) await wrk(`${url}/go`, { cores: '1', seconds: 2 });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, program] of Object.entries(programs)) rounds.get(name)?.push(await measure(program));
  }
  for (const program of Object.values(programs)) await program.stop();

  const of = (name: string, what: keyof Round): number => median((rounds.get(name) ?? []).map((round) => round[what]));
  for (const name of rounds.keys()) {
    console.log(
      `   ${name.padEnd(16)} ${of(name, 'perS').toFixed(0).padStart(6)} req/s ${of(name, 'cpuUs').toFixed(1).padStart(7)} CPU us/request`,
    );
  }
  const ratio = (name: string): number =>
    median((rounds.get('shortener') ?? []).map((ours, at) => ours.perS / (rounds.get(name)?.[at]?.perS ?? Number.NaN)));
  const [bare, express] = [ratio('bare node:http'), ratio('plain Express 5')];
  console.log(`   ${bare.toFixed(3)} of bare node:http, ${express.toFixed(2)}x plain Express 5`);
  return bare >= 0.9 && express >= 5;
}

async function measure(program: Program): Promise<Round> {
  const before = program.cpuS();
  const { requests, requestsPerS, failures } = await wrk(`${program.url}/go`, { cores: '1', seconds: 2 });
  if (failures > 0) throw new Error(`${failures} requests to ${program.url} failed`);
  return { perS: requestsPerS, cpuUs: ((program.cpuS() - before) / requests) * 1e6 };
}
