// Traffic and builds on one time line, as the CPU that they demand.
import { UserError } from '../../model/user-error.ts';
import type { Traffic } from './traffic.ts';

export type Builds = {
  readonly perDay: number;
  /** vCPUs that one build keeps busy, on the measured machine. */
  readonly vcpus: number;
  readonly durationS: number;
};

/** What a server has to do: the verdict is about it. Without traffic it is about the load that each type sustains. */
export type Workload = { readonly traffic?: Traffic | undefined; readonly builds?: Builds | undefined };

/** A period of constant load. */
export type LoadPiece = {
  readonly hours: number;
  readonly ratePerS: number;
  /** Demand of the builds. */
  readonly buildVcpus: number;
};

/** Builds run in office hours (UTC). */
const buildsFromHour = 9;
const buildsToHour = 18;

/** Parses `2x8s`: two vCPUs for eight seconds. Throws a UserError for another form. */
export function parseBuildCpu(text: string): Pick<Builds, 'vcpus' | 'durationS'> {
  const [, vcpus, amount, unit] = /^(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)(s|min)$/.exec(text) ?? [];
  const durationS = Number(amount) * (unit === 'min' ? 60 : 1);
  if (!(Number(vcpus) > 0 && durationS > 0)) {
    throw new UserError(`--build-cpu ${text} is not valid: use a form like 2x8s (2 vCPUs for 8 seconds) or 2x5min`);
  }
  return { vcpus: Number(vcpus), durationS };
}

/**
 * Returns at least `days` days of load: the traffic repeated, with the builds spread evenly over the office hours of each day. A build is a
 * fixed amount of work: with fewer or slower vCPUs it takes longer.
 */
export function layLoad(
  traffic: Traffic,
  builds: Builds | undefined,
  machine: { readonly vcpus: number; readonly speed: number },
  days: number,
): readonly LoadPiece[] {
  const trafficHours = traffic.pieces.reduce((sum, piece) => sum + piece.hours, 0);
  const total = Math.max(trafficHours, days * 24);
  const pieces: LoadPiece[] = [];
  const spans = builds ? buildSpans(builds, machine, traffic.startHour, total) : [];
  let begin = 0;
  let span = 0;
  for (let index = 0; begin < total; index++) {
    const piece = traffic.pieces[index % traffic.pieces.length];
    if (!piece) throw new Error('traffic without a piece');
    const end = Math.min(total, begin + piece.hours);
    let at = begin;
    while (at < end) {
      while (span < spans.length && (spans[span]?.to ?? 0) <= at) span++;
      const next = spans[span];
      const building = next !== undefined && next.from <= at;
      const until = next === undefined ? end : Math.min(end, building ? next.to : next.from);
      pieces.push({ hours: until - at, ratePerS: piece.ratePerS, buildVcpus: building ? next.vcpus : 0 });
      at = until;
    }
    begin = end;
  }
  return pieces;
}

type Span = { readonly from: number; readonly to: number; readonly vcpus: number };

/** When builds run, one at a time: a build that is due while another runs waits for it. */
function buildSpans(
  builds: Builds,
  machine: { readonly vcpus: number; readonly speed: number },
  startHour: number,
  totalHours: number,
): readonly Span[] {
  const vcpus = Math.min(builds.vcpus, machine.vcpus);
  const hours = (builds.vcpus * builds.durationS) / vcpus / machine.speed / 3600;
  const step = (buildsToHour - buildsFromHour) / builds.perDay;
  const spans: Span[] = [];
  let free = 0;
  for (let day = -1; day * 24 <= totalHours; day++) {
    for (let index = 0; index < builds.perDay; index++) {
      const due = day * 24 + buildsFromHour + (index + 0.5) * step - startHour;
      if (due < 0 || due >= totalHours) continue;
      const from = Math.max(due, free);
      free = from + hours;
      spans.push({ from, to: free, vcpus });
    }
  }
  return spans;
}
