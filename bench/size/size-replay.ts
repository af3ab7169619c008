// CPU credits of a year, minute by minute.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { parseTrace, replayCredits } from '../../model/credits/credit-replay.ts';
import { output, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim = 'a year of one-minute samples goes through the credit bank in under 1 s';

const minutes = 365 * 24 * 60;

/** Prints the bank alone, and the whole command with its start, the reading of the file and the printing of every period. */
export async function run(): Promise<boolean> {
  const trace = Array.from({ length: minutes }, (_, index) => ({
    hours: 1 / 60,
    cpuUtilizationPercent: 12 + 11 * Math.sin(index / 229) + 5 * Math.sin(index * 7919),
  })).map((period) => ({ ...period, cpuUtilizationPercent: Math.max(0, period.cpuUtilizationPercent) }));
  const began = performance.now();
  const replay = replayCredits(findBurstableType('t2.micro'), parseTrace(trace, 'year'), {
    mode: 'standard',
    start: 'launch',
  });
  const bankS = (performance.now() - began) / 1000;
  const file = join(tempFolder(), 'year.json');
  writeFileSync(file, JSON.stringify(trace));
  const words = ['size', 'replay', '--instance', 't2.micro', '--trace', file, '--quiet'];
  const start = performance.now();
  await output(process.execPath, '--import', 'tsx', 'cli.ts', ...words);
  const commandS = (performance.now() - start) / 1000;
  print(
    `${replay.periods.length} periods: ${bankS.toFixed(2)} s in the bank; the whole command ${commandS.toFixed(2)} s`,
  );
  return bankS < 1;
}
