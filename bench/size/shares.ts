// What a request costs where two or four workers take turns on one core, against one worker on it alone.
import { takeTurns } from '../../loadtest/run/turns.ts';
import { medianOf } from '../../model/block.ts';
import type { Route } from '../../model/profile.ts';
import { sharedCoreCost } from '../../reports/measured/shared-core.ts';
import { costUs, openEmulation } from './emulated-blocks.ts';

export const claim =
  'CPU of a request where two vCPUs share the core that one has alone: within the interval that sizing takes for it (two; four for reading)';

const types = [
  { instanceType: 't2.micro', share: 1 },
  { instanceType: 't2.medium', share: 0.5 },
  { instanceType: 't2.xlarge', share: 0.25 },
] as const;
/** As many for each worker. */
const connections = 16;

const route = (path: string, weight: number, expect: number): Route => ({
  name: path,
  method: 'GET',
  path,
  weight,
  headers: {},
  expect: [expect],
});
const mixes = {
  redirects: [route('/go', 1, 302)],
  'the shortener’s mix': [route('/go', 90, 302), route('/', 7, 200), route('/not-there', 3, 404)],
  'home pages': [route('/', 1, 200)],
};

/** Prints a row for each mix; holds when the ratio of two to one lies within the interval for each. */
export async function run(): Promise<boolean> {
  const emulation = await openEmulation();
  try {
    const instances = [];
    for (const { instanceType, share } of types)
      instances.push(await emulation.start(instanceType, { withCredits: share, atBaseline: share }));
    let holds = true;
    for (const [name, routes] of Object.entries(mixes)) {
      const turns = takeTurns(types.length);
      const stages = await Promise.all(
        instances.map((instance, index) =>
          emulation.measure({
            instance,
            routes,
            connections: connections / (types[index]?.share ?? 1),
            durationS: 1.5,
            turn: turns[index],
          }),
        ),
      );
      const costs = stages.map(({ blocks = [] }) => blocks.map((block) => (block.clean ? costUs(block) : undefined)));
      const [one = [], two = [], four = []] = costs;
      // Block against the block of the same round: what drifts meets both.
      const ratios = (of: typeof one) =>
        medianOf(of.flatMap((cost, round) => (cost && one[round] ? [cost / one[round]] : [])));
      const ofTwo = ratios(two);
      const describe = (found: typeof ofTwo) =>
        found
          ? `${found.value.toFixed(3)} (${found.low.toFixed(3)} to ${found.high.toFixed(3)}, ${found.blocks} pairs)`
          : 'not known';
      const oneUs = medianOf(one.filter((each) => each !== undefined))?.value.toFixed(1);
      process.stdout.write(
        `   ${name}: one worker ${oneUs} us; two on its core ${describe(ofTwo)} times, four ${describe(ratios(four))}\n`,
      );
      holds &&= ofTwo !== undefined && ofTwo.value >= sharedCoreCost.low && ofTwo.value <= sharedCoreCost.high;
    }
    return holds;
  } finally {
    await emulation.close();
  }
}
