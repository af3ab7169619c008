// Runs made up second by second, as a comparison and a history see them.

import { type ComparedRun, compareTwo, type RunComparison } from '../comparison/compare-runs.ts';
import { dailyTraffic } from '../traffic/traffic.ts';
import { judge } from '../verdict/judge.ts';
import { makeRunFolder, type Slice } from './made-run.ts';
import { sampleSeconds } from './sample-seconds.ts';

type Change = { readonly times?: number; readonly from?: number; readonly type?: string; readonly name?: string };

/** Two open stages; from a second of the first on everything takes so many times as long. */
export async function comparedRun({ times = 1, from = 0, type, name }: Change): Promise<ComparedRun> {
  const slice = (stage: string, p50: number, offset: number): Slice => ({
    name: stage,
    seconds: 20,
    ratePerS: 200,
    latencyUs: (second) => {
      const factor = (second + offset >= from ? times : 1) * (1 + 0.03 * Math.sin(7 * (second + offset)));
      return { p50: p50 * factor, p99: 5 * p50 * factor };
    },
    cpuPercent: 20,
  });
  const { run, lines, observed } = makeRunFolder([slice('calm', 1000, 0), slice('busy', 2000, 20)], [], {
    ...(name !== undefined && { name }),
    id: `20261122-100000-${type ?? 'made'}-${times}`,
  });
  const placed = type === undefined ? run : { ...run, target: { ...run.target, instanceType: type } };
  async function* each() {
    yield* lines;
  }
  return { run: placed, observed, judged: judge(placed, observed), samples: await sampleSeconds(placed, each()) };
}

/** A comparison of both usual types without a traffic, and with one. */
export async function comparedTypes(): Promise<Readonly<Record<string, RunComparison>>> {
  const [medium, micro] = [
    await comparedRun({ type: 't2.medium' }),
    await comparedRun({ times: 1.5, type: 't2.micro' }),
  ];
  const traffic = dailyTraffic(1_000_000, 'office');
  return {
    comparison: compareTwo(medium, micro),
    'comparison-traffic': compareTwo(medium, micro, [], undefined, { traffic }),
  };
}
