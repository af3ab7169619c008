// What a quota does to an app besides taking CPU away: the same share of a core in slices of another length, and several shares.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEmulation } from '../../loadtest/emulation/cgroup-home.ts';
import { startEmulatedInstance } from '../../loadtest/emulation/emulated-instance.ts';
import { openMeasuredCores } from '../../loadtest/emulation/measured-cores.ts';
import { askedShare } from '../../loadtest/emulation/vcpu-share.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { runLoad } from '../../loadtest/run/run.ts';
import { takeTurns } from '../../loadtest/run/turns.ts';
import { startShortener } from '../../loadtest/target/shortener.ts';
import { blockFigure } from '../../model/block.ts';
import { findInstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { ProfileStage } from '../../model/profile.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { watchCores } from '../../monitors/collectors/taken-cores.ts';

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

const stage = (name: string, durationS: number): ProfileStage => ({
  kind: 'closed',
  name,
  connections: 8,
  durationS,
  blocks: 8,
  warmUp: false,
});

/** Prints a row for each; holds when each of them has its clean blocks. */
export async function run(): Promise<boolean> {
  const cgroups = await findEmulation();
  if (typeof cgroups === 'string') throw new Error(cgroups);
  const type = findInstanceType('t2.micro');
  const dataDir = mkdtempSync(join(tmpdir(), 'slices-'));
  const environment = process.env;
  const cores = await openMeasuredCores(cgroups, 1, { awake: true, environment });
  const share = askedShare(1, [type]);
  const instance = await startEmulatedInstance({
    cgroups,
    type,
    share,
    isShareAsked: true,
    measuredCores: cores,
    environment,
    start: (inside) => startShortener({ ...inside, dataDir, sessionSecret: 'a-secret-of-thirty-two-characters' }),
  });
  const generators = await startGenerators(1, environment);
  cores.keepOff(generators.pids);
  const look = watchCores({ cores: 1, usedS: () => cores.usedS() ?? 0 });
  const { probe } = cores;
  const watch = look && {
    probe: probe.run,
    undisturbed: () => ({ probeMs: probe.undisturbedMs() }),
    summary: probe.summary,
    look,
  };
  const turns = takeTurns(variants.length);
  const measure = async ({ share: ofCore, sliceMs }: (typeof variants)[number], index: number) => {
    const { stages } = await runLoad({
      profile: {
        name: 'slices',
        description: '',
        timeoutS: 5,
        stages: [stage(`${ofCore}`, sliceMs === undefined ? 2 : 4)],
        thresholds: [],
        autostop: [],
      },
      origin: instance.app.url,
      routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
      generators,
      seed: 1,
      insecure: false,
      calm: async () => {},
      signal: new AbortController().signal,
      onLine: () => {},
      onStage: () => {},
      ...(turns[index] && { turn: turns[index] }),
      watch,
      cpuS: () => ({ appCpuS: instance.group.use().cpuUs / 1e6 }),
      onVisit: (_, lead) =>
        lead || sliceMs === undefined
          ? instance.group.setCpu(undefined)
          : instance.group.setCpu(ofCore, Math.round((sliceMs * 1000) / ofCore)),
    });
    return stages[0] as StageRecord;
  };
  try {
    const rows = await Promise.all(variants.map(measure));
    return rows.map((row, index) => print(variants[index] as (typeof variants)[number], row)).every(Boolean);
  } finally {
    generators.close();
    await instance.stop();
    await cores.stop();
    rmSync(dataDir, { recursive: true });
  }
}

function print({ share, sliceMs }: (typeof variants)[number], { blocks = [], latencyUs }: StageRecord): boolean {
  const rate = blockFigure(blocks);
  const cost = blockFigure(blocks, ({ appCpuS, throughputPerS, durationS }) =>
    appCpuS === undefined ? undefined : (1e6 * appCpuS) / (throughputPerS * durationS),
  );
  const perS = blocks.filter(({ clean }) => clean).map(({ throughputPerS }) => throughputPerS);
  if (!rate || !cost) return false;
  const off = (edge: number) => `${(100 * (edge / rate.value - 1)).toFixed(1)} %`;
  process.stdout.write(
    `   ${share} of a core in slices of ${sliceMs ?? 'any number of'} ms: ${rate.value.toFixed(0)}/s (single blocks ${off(Math.min(...perS))} to ${off(Math.max(...perS))}, ${rate.blocks} clean of ${blocks.length}), ${cost.value.toFixed(1)} us a request, p99 ${((latencyUs?.p99 ?? 0) / 1000).toFixed(1)} ms\n`,
  );
  return rate.blocks >= 8;
}
