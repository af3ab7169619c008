// How would a t2.micro handle this?

import { invocationOfRecord } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { Answer } from '../schema/judged.ts';
import type { TypeRate } from '../schema/question-findings.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { found } from '../schema/verdict-findings.ts';
import { measureServiceDemand } from '../sizing/demand/service-demand.ts';
import { type ShownRate, shownRate } from '../sizing/rates/shown-rate.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';

const smaller = 't2.micro';
const larger = 't2.medium';

type SizedType = SizingRecord['types'][number];

/** Whether it fits and why, both capacities, the bottleneck and the price. */
export function answerSmallerInstance({ run, observed, sizing }: Answerable): Answer {
  const micro = sizing?.types.find(({ instanceType }) => instanceType === smaller);
  if (!sizing || !micro) {
    const demand = sizing ? undefined : measureServiceDemand(run, observed);
    return notMeasured(
      demand && 'code' in demand
        ? found('demand-unknown', { reason: demand })
        : found('type-not-sized', { instanceType: smaller }),
      found('measure-beside', { instanceType: smaller, beside: larger, invocation: invocationOfRecord(run.command) }),
    );
  }
  return answered([
    found('type-verdict', {
      instanceType: smaller,
      measured: micro.measuredBurstPerS !== undefined || micro.measuredSustainedPerS !== undefined,
      emulated: run.target.vcpuShare !== undefined,
      verdict: micro.verdict,
      because: micro.because,
    }),
    findThroughput(micro),
    // What the measurement lacks is in the reason of the verdict.
    micro.limitedBy === 'measurement' ? undefined : found('type-bottleneck', { limitedBy: micro.limitedBy }),
    findCosts(
      micro,
      sizing.types.find(({ instanceType }) => instanceType === larger),
    ),
  ]);
}

function findThroughput(type: SizedType): Finding | undefined {
  const burst = rate(shownRate(type, 'burst'), type.p99Us);
  const sustained = rate(shownRate(type, 'sustained'), type.sustainedP99Us);
  if (!burst && !sustained) return undefined;
  return found('type-throughput', { ...(burst && { burst }), ...(sustained && { sustained }) });
}

function rate({ measured, predicted }: ShownRate, p99Us: number | undefined): TypeRate | undefined {
  const shown = measured ?? predicted;
  if (!shown) return undefined;
  return {
    ...present({ measuredPerS: measured?.value, predictedPerS: predicted?.value, p99Us }),
    low: shown.low,
    high: shown.high,
  };
}

function findCosts({ usdPerMonth }: SizedType, reference: SizedType | undefined): Finding | undefined {
  if (usdPerMonth === undefined) return undefined;
  const savesUsd = (reference?.usdPerMonth ?? usdPerMonth) - usdPerMonth;
  return found('type-costs', { usdPerMonth, against: larger, ...(savesUsd > 0 && { savesUsd }) });
}
