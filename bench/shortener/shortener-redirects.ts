// One process of the shortener against its peers, all pinned to core 0 with wrk on core 1, in turn.
import { type Program, startApp, startServer, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';
import { wrk } from './wrk.ts';

export const claim =
  'redirects of one process: >= 0.9 of bare node:http, >= 5x plain Express 5, over medians of 5 rounds';

const rounds = 5;

/** Prints the table and the ratios. */
export async function run(): Promise<boolean> {
  const programs = {
    'bare node:http': await startServer('shortener/bare-redirects.ts', [], '0'),
    'plain Express 5': await startServer('shortener/express-redirects.ts', [], '0'),
    shortener: await startApp({ workers: 1, cores: '0', dataDir: tempFolder() }),
  };
  const found = await inTurn(rounds, {
    'bare node:http': () => measure(programs['bare node:http']),
    'plain Express 5': () => measure(programs['plain Express 5']),
    shortener: () => measure(programs.shortener),
  });
  for (const program of Object.values(programs)) await program.stop();
  for (const [name, measured] of Object.entries(found)) {
    const [perS, cpuUs] = [median(measured.map((each) => each.perS)), median(measured.map((each) => each.cpuUs))];
    print(`${name.padEnd(16)} ${perS.toFixed(0).padStart(6)} req/s ${cpuUs.toFixed(1).padStart(7)} CPU us/request`);
  }
  const rates = (name: keyof typeof found): number[] => found[name].map(({ perS }) => perS);
  const bare = medianRatio(rates('shortener'), rates('bare node:http'));
  const express = medianRatio(rates('shortener'), rates('plain Express 5'));
  print(`${bare.toFixed(3)} of bare node:http, ${express.toFixed(2)}x plain Express 5`);
  return bare >= 0.9 && express >= 5;
}

async function measure(program: Program): Promise<{ readonly perS: number; readonly cpuUs: number }> {
  const before = program.cpuS();
  const { requests, requestsPerS: perS, failures } = await wrk(`${program.url}/go`, { cores: '1' });
  if (failures > 0) throw new Error(`${failures} requests to ${program.url} failed`);
  return { perS, cpuUs: ((program.cpuS() - before) / requests) * 1e6 };
}
