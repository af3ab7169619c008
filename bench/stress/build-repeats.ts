// How long a build takes on an emulated type, in runs one after the other.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRun } from '../../model/run-folder.ts';
import { output, tempFolder } from '../program.ts';
import { median, print } from '../rounds.ts';

export const claim =
  "this project's build beside a light load on an emulated t2.medium and t2.micro: its time within 10 % of the median in 5 of 5 runs, on an idle machine";

const mostOff = 0.1;
const runs = 5;
const types = ['t2.medium', 't2.micro'];

/** The stages of the usual command around its build, without its search for the capacity. */
const profile = {
  name: 'build-repeats',
  stages: [
    { kind: 'idle', name: 'at rest', durationS: 3 },
    { kind: 'open', name: 'warm-up', arrivalRatePerS: 200, durationS: 4, warmUp: true },
    { kind: 'build', name: 'build', arrivalRatePerS: 200, durationS: 2, longestS: 60 },
  ],
  thresholds: ['errors.rate < 1%'],
};

/** Prints a row for each type. */
export async function run(): Promise<boolean> {
  const out = tempFolder();
  const file = join(tempFolder(), 'profile.json');
  writeFileSync(file, JSON.stringify(profile));
  const words = ['cli.ts', 'stress', '--instances', types.join(), '--emulate', 'always', '--profile', file];
  for (let count = 0; count < runs; count++) {
    await output(process.execPath, '--import', 'tsx', ...words, '--out', out, '--quiet').catch((error) => {
      // No capacity is measured, so there may be no verdict.
      if (error.code !== 4) throw error;
    });
  }
  const records = readdirSync(out).flatMap((id) => (/^\d/.test(id) ? [readRun(join(out, id))] : []));
  let holds = true;
  for (const type of types) {
    const took = records
      .filter(({ target }) => target.instanceType === type)
      .flatMap(({ stages }) => stages.flatMap(({ command }) => command?.durationS ?? []));
    const middle = median(took);
    const off = Math.max(...took.map((each) => Math.abs(each / middle - 1)));
    print(
      `${type}: median ${middle.toFixed(1)} s, ${took.length} runs from ${Math.min(...took).toFixed(1)} to ${Math.max(...took).toFixed(1)} s, at most ${(100 * off).toFixed(1)} % off`,
    );
    holds &&= took.length === runs && off <= mostOff;
  }
  return holds;
}
