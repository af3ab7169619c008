// What a quota does to an app besides taking CPU away: the same share of a core in slices of another length, and several shares.
import { takeTurns } from '../../loadtest/run/turns.ts';
import { blockFigure } from '../../model/block.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { costUs, openEmulation } from './emulated-blocks.ts';

export const claim =
  'a t2.micro at its baseline: rate and p99 in slices of 5 to 50 ms, and at shares of 0.25, 0.5 and 1 of a core a vCPU (for reading: what a share does to the rate is no constant)';

/** Of a core, and in ms. */
const variants = [
  { share: 0.1, sliceMs: 5 },
  { share: 0.1, sliceMs: 10 },
  { share: 0.1, sliceMs: 20 },
  { share: 0.1, sliceMs: 50 },
  { share: 0.05, sliceMs: 5 },
  { share: 0.05, sliceMs: 10 },
  { share: 0.025, sliceMs: 2.5 },
  { share: 0.25, sliceMs: 25 },
  { share: 0.5, sliceMs: 50 },
  { share: 1, sliceMs: undefined },
] as const;

/** Prints a row for each; holds when each of them has its clean blocks. */
export async function run(): Promise<boolean> {
  const emulation = await openEmulation();
  try {
    const instance = await emulation.start('t2.micro', { withCredits: 1, atBaseline: 1 });
    const turns = takeTurns(variants.length);
    const measure = ({ share, sliceMs }: (typeof variants)[number], index: number) =>
      emulation.measure({
        instance,
        routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
        connections: 8,
        durationS: sliceMs === undefined ? 2 : 4,
        turn: turns[index],
        onVisit: (lead) =>
          lead || sliceMs === undefined
            ? instance.group.setCpu(undefined)
            : instance.group.setCpu(share, Math.round((sliceMs * 1000) / share)),
      });
    const rows = await Promise.all(variants.map(measure));
    return rows.map((row, index) => print(variants[index] as (typeof variants)[number], row)).every(Boolean);
  } finally {
    await emulation.close();
  }
}

function print({ share, sliceMs }: (typeof variants)[number], { blocks = [], latencyUs }: StageRecord): boolean {
  const rate = blockFigure(blocks);
  const cost = blockFigure(blocks, costUs);
  const perS = blocks.filter(({ clean }) => clean).map(({ throughputPerS }) => throughputPerS);
  if (!rate || !cost) return false;
  const off = (edge: number) => `${(100 * (edge / rate.value - 1)).toFixed(1)} %`;
  process.stdout.write(
    `   ${share} of a core in slices of ${sliceMs ?? 'any number of'} ms: ${rate.value.toFixed(0)}/s (single blocks ${off(Math.min(...perS))} to ${off(Math.max(...perS))}, ${rate.blocks} clean of ${blocks.length}), ${cost.value.toFixed(1)} us a request, p99 ${((latencyUs?.p99 ?? 0) / 1000).toFixed(1)} ms\n`,
  );
  return rate.blocks >= 8;
}
