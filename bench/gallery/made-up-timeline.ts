// The seconds of a made-up run.
import type { Curve } from '../../reports/series/curve.ts';
import type { Sample } from '../../reports/series/series.ts';
import type { Timeline } from '../../reports/series/timeline.ts';

type Change = {
  readonly errors?: boolean;
  readonly gap?: boolean;
  readonly host?: boolean;
  readonly marks?: Timeline['marks'];
};

export const events = [
  { atS: 40, name: 'command starts' },
  { atS: 47, name: 'command ends' },
  { atS: 118, name: 'autostop' },
];

/** As long as given, with six stages of rising load. */
export function timeline(
  seconds: number,
  { errors = false, gap = false, host = true, marks = [] }: Change = {},
): Timeline {
  const all = Array.from({ length: seconds }, (_, second) => second).filter(
    (second) => !gap || second < seconds * 0.4 || second > seconds * 0.55,
  );
  const broken = all.findIndex((second, index) => index > 0 && second > (all[index - 1] ?? 0) + 1);
  const stretches = broken < 0 ? [all] : [all.slice(0, broken), all.slice(broken)];
  const series = (value: (second: number) => number) =>
    stretches.map((stretch) => stretch.map((second): Sample => [second + 0.5, value(second)]));
  const rate = (second: number) => 6000 * (1 - Math.exp(-second / 25)) + 300 * Math.sin(second);
  const bad = (second: number) => (errors && (second === 77 || second > 100) ? 40 + (second === 77 ? 400 : 0) : 0);
  const stages = manyStages(Math.min(6, Math.max(1, seconds / 10)), seconds);
  return {
    beginS: 0,
    durationS: seconds,
    stages,
    marks,
    throughputPerS: series(rate),
    p50Us: series((second) => 900 + 12 * second),
    p99Us: series((second) => 4000 + 60 * second + (second === 77 ? 40_000 : 0)),
    errorsPerS: series(bad),
    cpu: host
      ? stretches.map((stretch) =>
          stretch.map((second) => ({
            atS: second + 0.5,
            user: 45 * (1 - Math.exp(-second / 25)),
            system: 12 + 3 * Math.sin(second / 3),
            iowait: 4 + 3 * Math.cos(second / 5),
            stolen: second > seconds / 2 ? 12 : 1,
          })),
        )
      : [],
    inFlight: series((second) => 1 + (second % 4)),
    cores: host
      ? [series((second) => 50 + 40 * Math.sin(second / 9)), series((second) => 50 + 40 * Math.cos(second / 7))]
      : [],
    load1: host ? series((second) => 1.6 * (1 - Math.exp(-second / 40))) : [],
    appMemory: host ? series((second) => 9e7 + 4e5 * second) : [],
    hostMemory: host ? series((second) => 6e8 + 4e5 * second) : [],
    credits: host ? series((second) => 30 - 0.2 * second) : [],
    instanceCpu: host ? series((second) => 70 + 20 * Math.sin(second / 8)) : [],
    rows: all.map((second) => ({
      fromS: second,
      toS: second + 1,
      stage: stages.find((stage) => second < stage.toS)?.name ?? '',
      throughputPerS: { min: rate(second), max: rate(second) },
      errorsPerS: bad(second),
    })),
    notes: [],
  };
}

/** Stages of equal length. */
export function manyStages(count: number, seconds = 120): Timeline['stages'] {
  const whole = Math.floor(count);
  return Array.from({ length: whole }, (_, index) => ({
    name: index === 0 ? 'at rest' : `${2 ** (index % 12)} connections`,
    role: index === 0 ? ('idle' as const) : index === 1 ? ('warm-up' as const) : ('measured' as const),
    ...(index > 0 && { connections: 2 ** (index % 12) }),
    fromS: (index * seconds) / whole,
    toS: ((index + 1) * seconds) / whole,
  }));
}

/** Latency by percentile of so many stages, each slower than the one before. */
export function curves(count: number): Curve[] {
  return Array.from({ length: count }, (_, index) => ({
    stage: `${2 ** index} connections`,
    connections: 2 ** index,
    points: [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99].map((percentile): [number, number] => [
      percentile,
      200 * 1.7 ** index * (1 - Math.log10(1 - percentile / 100)) ** 2,
    ]),
  }));
}
