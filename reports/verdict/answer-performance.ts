// How is the server performing?
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { isLeftOut, triedRequests } from '../measured/measured.ts';
import type { Answer, Busiest, JudgedCapacity, Limit, Measured, Saturation } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';
import { findNoAnswer } from '../sizing/demand/service-demand.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';
import { findNoSaturation } from './judge-saturation.ts';

/** The capacity, or the requests, throughput and latency of the measured stages; each with the bottleneck. */
export function answerPerformance({ run, measured, busiest, saturation, capacity, capacityAtSlo }: Answerable): Answer {
  if (capacity) return answered(describeCapacity(capacity, run));
  if (!busiest) return notMeasured(findNothing(run, measured));
  const { outcomes, requests, errorRatePercent } = measured;
  const sustained = run.stages.some(({ role }) => role === 'sustained');
  const open = run.stages.some(({ role, kind }) => role === 'measured' && kind === 'open');
  return answered([
    found('answered-requests', {
      ok: outcomes.ok,
      sent: triedRequests(requests.sent, outcomes),
      ...(errorRatePercent !== undefined && { errorRatePercent }),
    }),
    requests.dropped > 0
      ? found('requests-dropped', { dropped: requests.dropped, intended: requests.intended })
      : undefined,
    requests.open > 0 ? found('requests-in-flight', { open: requests.open }) : undefined,
    sustained ? found('sustained-stage-left-out', {}) : undefined,
    describeLatency(saturation ?? busiest, saturation !== undefined),
    capacityAtSlo && found('capacity-at-slo', capacityAtSlo),
    saturation ? bottleneck(saturation) : undefined,
    // Arrivals of an open stage are given: nothing is to be found by raising them.
    saturation || open ? undefined : found('no-saturation-point', { because: findNoSaturation(run) }),
  ]);
}

function describeLatency(at: Busiest | Saturation, saturated: boolean): Finding {
  return found('latency-at', {
    saturated,
    throughputPerS: at.throughputPerS,
    ...(at.connections !== undefined && { connections: at.connections }),
    ...(at.latencyUs && { p50Us: at.latencyUs.p50, p99Us: at.latencyUs.p99 }),
  });
}

function findNothing(run: RunRecord, { stages }: Measured): Finding {
  const cut = run.stages.filter((stage) => isLeftOut(run, stage));
  const ok = cut.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  if (stages > 0 || ok === 0) return findNoAnswer(run);
  return found('aborted-only', { stages: cut.map(({ name }) => name), ok });
}

/** The capacity with its interval, and the latency at the highest rate that met the SLO. */
function describeCapacity(capacity: JudgedCapacity, run: RunRecord): (Finding | undefined)[] {
  const { arrivalRatePerS, low, high, slo, probes } = capacity;
  const held = probes.filter((probe) => probe.holds).sort((a, b) => b.arrivalRatePerS - a.arrivalRatePerS);
  const [best] = held;
  const latency = best && run.stages[best.stage]?.latencyUs;
  return [
    found('capacity-found', { arrivalRatePerS, low, high, slo }),
    found('capacity-held', { held: held.length, probes: probes.length }),
    best && latency
      ? found('latency-at-capacity', {
          arrivalRatePerS: best.arrivalRatePerS,
          p50Us: latency.p50,
          p99Us: latency.p99,
        })
      : undefined,
    bottleneck(capacity),
  ];
}

function bottleneck({ limitedBy, because }: Limit): Finding {
  return found('bottleneck', { limitedBy, because });
}
