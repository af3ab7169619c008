// Ten runs of the default command's measuring part: how far their figures lie apart, on an idle machine and beside a neighbour at work, and
// how often the intervals of their predictions held.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from '../../model/block.ts';
import { runRecordSchema } from '../../model/run-record.ts';
import { timesSlower } from '../../reports/measured/stage-rate.ts';
import { type Answer, describeAnswer, figuresOf, measureOnce, startNeighbour } from './measuring-part.ts';

export const claim =
  'sustained and burst of a t2.medium and a t2.micro: within 5 % of their median in 9 of 10 runs and within 8 % in all, inside each other’s intervals, and predictions held by their intervals; beside a neighbour each run agrees or has no verdict (parts: idle/N, beside/N)';

const middle = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/**
 * What the correction by redis SETs is worth: how far the blocks beside which a SET took over 1.15 times its usual CPU time are from the median
 * of their stage's other blocks, as they were measured and as they are corrected. Blocks on a shared core do not count.
 */
function describeSpells(runs: string): string {
  const off = { measured: [] as number[], corrected: [] as number[] };
  let count = 0;
  for (const id of readdirSync(runs)) {
    const run = runRecordSchema.parse(JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8')));
    for (const { blocks = [] } of run.stages) {
      const known = blocks
        .filter(({ redisSet, disturbance }) => redisSet && disturbance?.code !== 'core-shared')
        .map((block) => ({ perS: block.throughputPerS, times: timesSlower(run, block) }));
      const usual = known.filter(({ times }) => times <= 1.15).map(({ perS, times }) => perS * times);
      if (usual.length < 3) continue;
      count += known.length;
      for (const { perS, times } of known.filter((each) => each.times > 1.15)) {
        off.measured.push(Math.abs(perS / middle(usual) - 1));
        off.corrected.push(Math.abs((perS * times) / middle(usual) - 1));
      }
    }
  }
  const inOrder = (values: readonly number[]) => [...values].sort((a, b) => a - b);
  const at = (values: readonly number[], share: number) => `${Math.round(100 * quantile(inOrder(values), share))} %`;
  if (off.measured.length === 0) return `slow spells: none of ${count} blocks lay in one`;
  return `slow spells: ${off.measured.length} of ${count} blocks; off by ${at(off.measured, 0.5)} (90 % within ${at(off.measured, 0.9)}) as measured, ${at(off.corrected, 0.5)} (${at(off.corrected, 0.9)}) as corrected`;
}

/** Medians of the idle runs, and whether the claim holds for them. */
async function runIdle(count: number, runs: string): Promise<{ medians: Map<string, number>; holds: boolean }> {
  const answers: Answer[] = [];
  for (let repeat = 0; repeat < count; repeat++) {
    const answer = await measureOnce(runs);
    process.stdout.write(`   idle: ${describeAnswer(answer)}\n`);
    answers.push(answer);
  }
  const verdicts = answers.filter(({ exitCode }) => exitCode === 0);
  const medians = new Map<string, number>();
  let holds = verdicts.length === count;
  for (const name of figuresOf(verdicts[0] ?? { exitCode: 4 }).keys()) {
    const found = verdicts.flatMap((answer) => figuresOf(answer).get(name) ?? []);
    const median = middle(found.map(({ value }) => value));
    medians.set(name, median);
    const off = found.map(({ value }) => Math.abs(100 * (value / median - 1))).sort((a, b) => a - b);
    const within5 = off.filter((each) => each <= 5).length;
    const pairs = found.flatMap((one) => found.map((other) => one.value >= other.low && one.value <= other.high));
    const inside = pairs.filter(Boolean).length;
    process.stdout.write(
      `   ${name}: median ${Math.round(median)}/s, ${within5} of ${found.length} within 5 %, all within ${off.at(-1)?.toFixed(1)} %, ${inside} of ${pairs.length} inside each other's intervals\n`,
    );
    holds = holds && within5 >= 0.9 * found.length && (off.at(-1) ?? 0) <= 8;
  }
  const graded = verdicts.flatMap(({ predictions }) => predictions ?? []);
  const held = graded.filter((each) => each.held).length;
  process.stdout.write(`   ${describeSpells(runs)}\n`);
  process.stdout.write(`   predictions: ${held} of ${graded.length} intervals held\n`);
  return { medians, holds: holds && held >= 0.9 * graded.length };
}

/** Runs beside builds and beside a hog in turn: how many said something else than the idle machine does. */
async function runBeside(count: number, runs: string, medians: ReadonlyMap<string, number>): Promise<boolean> {
  let wrong = 0;
  for (let repeat = 0; repeat < count; repeat++) {
    const kind = repeat % 2 === 0 ? 'build' : 'hog';
    const stop = startNeighbour(kind);
    const answer = await measureOnce(runs).finally(stop);
    process.stdout.write(`   beside a ${kind}: ${describeAnswer(answer)}\n`);
    if (answer.exitCode !== 0) continue;
    for (const [name, { low, high }] of figuresOf(answer)) {
      const median = medians.get(name);
      if (median === undefined || (median >= low && median <= high)) continue;
      process.stdout.write(
        `   WRONG: ${name} of ${Math.round(median)}/s is not from ${Math.round(low)} to ${Math.round(high)}\n`,
      );
      wrong++;
    }
  }
  process.stdout.write(`   beside a neighbour: ${wrong} wrong figures with a verdict\n`);
  return wrong === 0;
}

/** Prints every run. The part `beside` needs the medians of idle runs: it makes three. */
export async function run(part?: string): Promise<boolean> {
  const [, only, count] = /^(idle|beside)(?:\/(\d+))?$/.exec(part ?? '') ?? [];
  if (part !== undefined && only === undefined) throw new Error(`no part ${part}; a part is like idle/3`);
  const times = Number(count ?? 10);
  const runs = mkdtempSync(join(tmpdir(), 'repeats-runs-'));
  try {
    const idle = await runIdle(only === 'beside' ? 3 : times, runs);
    if (only === 'idle') return idle.holds;
    return (await runBeside(times, runs, idle.medians)) && idle.holds;
  } finally {
    rmSync(runs, { recursive: true });
  }
}
