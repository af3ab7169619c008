// Three made-up runs of open stages: a search for the capacity, a build in mid-run, a soak whose memory grows.
import { type MadeRun, makeRunFolder, type Slice } from './made-run.ts';

const calm = () => ({ p50: 1200, p99: 6000 });
const atRest: Slice = { name: 'at rest', role: 'idle', seconds: 3, ratePerS: 0, latencyUs: calm, cpuPercent: 4 };

/** Arrival rates of the probes in the order in which they were tried; above 1,010/s a queue grows. */
const rates = [
  100, 200, 400, 800, 1600, 1600, 1131, 951, 1037, 993, 1032, 1018, 976, 1082, 1005, 1028, 1007, 1010, 995,
];
const edgePerS = 1014;

/** Twenty probes around 1,014/s. */
export function madeCapacity(): MadeRun {
  const probes = rates.map((ratePerS): Slice => {
    const over = ratePerS / edgePerS;
    const queueUs = Math.max(0, over - 1) * 400_000;
    return {
      name: `probe ${ratePerS}/s`,
      role: 'probe',
      seconds: 2,
      ratePerS,
      latencyUs: () => ({
        p50: 900 / Math.max(0.1, 1.05 - Math.min(1, over)) + queueUs / 2,
        p99: 4000 + 16_000 * over ** 9 + queueUs,
      }),
      ...(over > 1.05 && { droppedPerS: Math.round(ratePerS - 1005) }),
      cpuPercent: Math.min(68, 8 + 60 * over),
      eventLoopPercent: Math.min(99.6, 98 * over),
    };
  });
  return makeRunFolder(
    [atRest, ...probes],
    [
      {
        kind: 'capacity',
        name: 'capacity',
        from: 100,
        to: 50_000,
        durationS: 2,
        rounds: 2,
        arrivals: 'constant',
        maxConnections: 256,
        slo: ['latency.p99 < 100ms', 'errors.rate < 1%'],
      },
    ],
    {
      id: '20261122-100000-capacity-0000',
      command: 'npm run stress -- --profile capacity --seed 7',
      capacity: {
        arrivalRatePerS: edgePerS,
        low: 1003,
        high: 1028,
        slo: ['latency.p99 < 100ms', 'errors.rate < 1%'],
        probes: rates.map((arrivalRatePerS, index) => ({
          arrivalRatePerS,
          holds: arrivalRatePerS <= 1010,
          stage: index + 1,
          reasons: arrivalRatePerS <= 1010 ? [] : arrivalRatePerS > 1100 ? [missedSlo, dropped] : [queueGrew],
        })),
      },
    },
  );
}

const missedSlo = { code: 'slo-missed', expression: 'latency.p99 < 100ms', text: 'not latency.p99 < 100ms' };
const dropped = { code: 'requests-dropped', dropped: 40, text: '40 requests were dropped' };
const queueGrew = {
  code: 'queue-grew',
  percent: 2.6,
  text: 'a queue grew: 2.6 % of the arrivals joined it and were not answered in time',
};

/** 300/s before, during and after a build that takes the machine's CPU. */
export function madeRebuild(): MadeRun {
  const slices: readonly Slice[] = [
    atRest,
    { name: 'warm-up', role: 'warm-up', seconds: 3, ratePerS: 300, latencyUs: calm, cpuPercent: 25 },
    { name: 'before', seconds: 20, ratePerS: 300, latencyUs: calm, cpuPercent: 24 },
    {
      name: 'during',
      seconds: 34,
      ratePerS: 300,
      latencyUs: () => ({ p50: 4100, p99: 88_000 }),
      droppedPerS: 2,
      cpuPercent: 97,
      command: {
        line: 'npm run build',
        startedAt: '2026-11-22T10:00:26.000Z',
        durationS: 33.6,
        exitCode: 0,
        cpuS: 48.4,
        memoryBytes: 742e6,
      },
    },
    {
      name: 'after',
      seconds: 20,
      ratePerS: 300,
      latencyUs: (second) => (second < 4 ? { p50: 2600, p99: 30_000 } : calm()),
      cpuPercent: 25,
    },
  ];
  return makeRunFolder(slices, [{ kind: 'idle', name: 'at rest', durationS: 3 }], {
    id: '20261122-100000-rebuild-0000',
    command: "npm run stress -- --profile rebuild --during 'npm run build' --rate 300",
    thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
    recovery: { stage: 'after', reference: 'before', recovered: true, afterS: 4 },
  });
}

/** Three minutes of 50/s in which the app's memory grows by 36 MB an hour and latency stays. */
export function madeSoak(): MadeRun {
  const soak: Slice = {
    name: 'soak',
    seconds: 180,
    ratePerS: 50,
    latencyUs: (second) => ({ p50: 1200 + 60 * Math.sin(second * 1.7), p99: 6000 + 900 * Math.sin(second * 2.3) }),
    cpuPercent: 12,
    rssBytes: (second) => 90e6 + second * 1e4 + 2e4 * Math.sin(second * 12.9),
  };
  return makeRunFolder([atRest, soak], [{ kind: 'idle', name: 'at rest', durationS: 3 }], {
    id: '20261122-100000-soak-0000',
    command: 'npm run stress -- --profile soak --rate 50 --duration 180',
    thresholds: ['errors.rate < 1%', 'latency.p99 < 250ms'],
  });
}
