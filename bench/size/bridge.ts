// From one machine's vCPU to another's by the CPU time of a redis SET: how far a GET of a static page, which both were measured at too,
// follows it. Writes the intervals that the headline uses into model/catalogue/vcpu-transfer.json when they differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import {
  type Architecture,
  architectureOf,
  familyOf,
  type MeasuredVcpu,
  measuredVcpus,
  median,
  poolOf,
  relativeSpeed,
} from '../../model/catalogue/vcpu-speed.ts';
import coremark from './coremark.json' with { type: 'json' };
import { type Interval, interval, percent, print, quantileOf, wantedShare } from './error-interval.ts';
import { findUserErrors, printUserWork } from './user-work.ts';

export const claim =
  'what a request costs on another EC2 type, predicted from redis SETs of its family without itself: the interval of the headline holds for at least 90 % of the types that were left out with their family, and SET predicts better than CoreMark';

const file = new URL('../../model/catalogue/vcpu-transfer.json', import.meta.url);
const groups = ['x86 to x86', 'x86 to arm', 'arm to x86', 'arm to arm'] as const;

/** One prediction; `error` is the logarithm of the actual ratio of speeds over that of the SETs. */
type Pair = {
  readonly group: string;
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly error: number;
};

/** Every type, left out of its pool, from every pool on other processors. */
export function findPairs(): readonly Pair[] {
  const pools = new Map(
    measuredVcpus.map(({ type }) => [
      poolOf(type)
        .map((each) => each.type)
        .join(),
      poolOf(type),
    ]),
  );
  const sources = [...pools.values()].map((pool) => describePool(pool));
  return measuredVcpus.flatMap((left) => {
    const rest = poolOf(left.type, left);
    const { setUs, architecture } = describePool(rest.length > 0 ? rest : [left]);
    return sources
      .filter(({ cpus, types }) => !cpus.has(left.cpu) && !types.has(left.type))
      .map((source) => ({
        group: `${source.architecture} to ${architecture}`,
        from: source.family,
        to: familyOf(left.type),
        type: left.type,
        error: Math.log(source.getUs / left.staticWebUs) - Math.log(source.setUs / setUs),
      }));
  });
}

/** The intervals by group of architectures, of types within their own pool, and of one SET against its pool. */
export function findTransfer(pairs: readonly Pair[] = findPairs()): Readonly<Record<string, Interval>> {
  const within = measuredVcpus.flatMap((left) => {
    const rest = poolOf(left.type, left);
    return rest.length < 2 ? [] : [{ left, ...describePool(rest) }];
  });
  return {
    single: { ...interval(within.map(({ left, setUs }) => Math.log(left.redisSetUs / setUs))), value: 1 },
    samePool: { ...interval(within.map(({ left, getUs }) => Math.log(getUs / left.staticWebUs))), value: 1 },
    userWork: { ...interval(findUserErrors().map(({ error }) => error)), value: 1 },
    ...Object.fromEntries(groups.map((group) => [group, interval(errorsOf(pairs, group))])),
  };
}

export async function run(): Promise<boolean> {
  const pairs = findPairs();
  const transfer = findTransfer(pairs);
  const text = `{\n${Object.entries(transfer)
    .map(([key, { value, low, high }]) => `  "${key}": { "value": ${value}, "low": ${low}, "high": ${high} }`)
    .join(',\n')}\n}\n`;
  if (readFileSync(file, 'utf8') !== text) {
    writeFileSync(file, text);
    print('model/catalogue/vcpu-transfer.json is rewritten');
  }
  const isHeld = groups.map((group) => printGroup(group, pairs)).every(Boolean);
  printFamilies(pairs, transfer);
  return [isBetterThanCoreMark(), printUserWork(), isHeld].every(Boolean);
}

/** Each type judged by the interval of all pairs but those of its family. */
function printGroup(group: string, pairs: readonly Pair[]): boolean {
  const own = pairs.filter((pair) => pair.group === group);
  const byFamily = byFamilyOf(own);
  let held = 0;
  for (const [family, left] of byFamily) {
    const { low, high } = interval(
      own.filter(({ to, from }) => to !== family && from !== family).map(({ error }) => error),
    );
    held += left.filter(({ error }) => Math.exp(error) >= low && Math.exp(error) <= high).length;
  }
  const share = held / own.length;
  const middle = median(own.map(({ error }) => error));
  const off = own.map(({ error }) => Math.abs(Math.exp(error - middle) - 1)).sort((a, b) => a - b);
  print(
    `${group}: ${byFamily.size} families, median error ${percent(quantileOf(off, 0.5))}, 90 % within ${percent(quantileOf(off, 0.9))}; the interval holds for ${percent(share)}`,
  );
  return share >= wantedShare;
}

function printFamilies(pairs: readonly Pair[], transfer: Readonly<Record<string, Interval>>): void {
  const known = new Set(instanceCatalogue.map(({ instanceType }) => familyOf(instanceType)));
  for (const [family, own] of byFamilyOf(pairs.filter(({ to, group }) => known.has(to) && group.startsWith('x86')))) {
    const { value, low, high } = transfer[own[0]?.group ?? ''] as Interval;
    const off = own.map(({ error }) => Math.abs(Math.exp(error) / value - 1)).sort((a, b) => a - b);
    const held = own.filter(({ error }) => Math.exp(error) >= low && Math.exp(error) <= high).length / own.length;
    print(
      `  from x86 to ${family}: median error ${percent(quantileOf(off, 0.5))}, 90 % within ${percent(quantileOf(off, 0.9))}; held ${percent(held)}`,
    );
  }
}

/** Over all pairs of types of the catalogue from different families, as headroom would use both. */
function isBetterThanCoreMark(): boolean {
  const types = instanceCatalogue.flatMap((type) => {
    const left = measuredVcpus.find((each) => each.type === type.instanceType);
    const all = (coremark.iterationsPerS as Readonly<Record<string, number>>)[type.instanceType];
    return left && all ? [{ left, coremark: all / type.vcpus }] : [];
  });
  const off = { SET: [] as number[], CoreMark: [] as number[] };
  for (const one of types)
    for (const other of types) {
      if (familyOf(one.left.type) === familyOf(other.left.type)) continue;
      const actual = one.left.staticWebUs / other.left.staticWebUs;
      off.SET.push(Math.abs(actual / (relativeSpeed(one.left.type, other.left.type)?.ratio ?? 1) - 1));
      off.CoreMark.push(Math.abs(actual / (other.coremark / one.coremark) - 1));
    }
  for (const [name, errors] of Object.entries(off)) {
    errors.sort((a, b) => a - b);
    print(
      `${name} between T2, T3, T3a and T4g (${errors.length} pairs): median error ${percent(quantileOf(errors, 0.5))}, 90 % within ${percent(quantileOf(errors, 0.9))}`,
    );
  }
  return quantileOf(off.SET, 0.5) <= quantileOf(off.CoreMark, 0.5);
}

function describePool(pool: readonly MeasuredVcpu[]) {
  const [first] = pool as readonly [MeasuredVcpu];
  return {
    family: familyOf(first.type),
    architecture: architectureOf(first.cpu) as Architecture,
    setUs: median(pool.map(({ redisSetUs }) => redisSetUs)),
    getUs: median(pool.map(({ staticWebUs }) => staticWebUs)),
    cpus: new Set(pool.map(({ cpu }) => cpu)),
    types: new Set(pool.map(({ type }) => type)),
  };
}

function byFamilyOf(pairs: readonly Pair[]): ReadonlyMap<string, readonly Pair[]> {
  return new Map(
    [...new Set(pairs.map(({ to }) => to))].map((family) => [family, pairs.filter(({ to }) => to === family)]),
  );
}

function errorsOf(pairs: readonly Pair[], group: string): readonly number[] {
  return pairs.filter((pair) => pair.group === group).map(({ error }) => error);
}
