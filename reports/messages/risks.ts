// Texts of the risks: one sentence for the banner, and a row of the table of risks.
import { withArticle } from '../../model/article.ts';
import type { Finding } from '../../model/finding.ts';
import {
  formatBytes,
  formatDuration,
  formatEc2Rate,
  formatHours,
  formatLatency,
  formatPercent,
  formatRate,
  formatRateInterval,
  formatSignedPercent,
} from '../format/format.ts';
import type { RiskFindings } from '../schema/risk-findings.ts';
import type { TextsOf } from './texts.ts';

/** One sentence each: what stands after "But:". */
export const riskTexts: TextsOf<RiskFindings> = {
  'risk-not-valid': ({ run, verdict, reasons: [first] }, textOf) =>
    `${run} is ${verdict}${first ? `: ${textOf(first)}` : ''}`,
  'risk-disturbed': ({ run, because }, textOf) => `${run}: ${textOf(because)}`,
  'risk-prediction': ({ instanceType, state, errorPercent }) =>
    `the ${state} rate predicted for ${instanceType} was ${tooFar(errorPercent)}`,
  'risk-alarm': ({ instanceType, monitor, result, why }, textOf) =>
    `on ${instanceType} the monitor ${monitor} ${fired[result]}: ${textOf(why)}`,
  'risk-credits-empty': ({ instanceType, hoursToThrottle, p99Us }) =>
    `full load empties the CPU credits of ${instanceType} in ${formatHours(hoursToThrottle.launch || hoursToThrottle.full)}${hoursToThrottle.launch > 0 ? ' after launch' : ''}; then it serves only its sustained rate${p99Us === undefined ? '' : `, at a p99 latency of ${formatLatency(p99Us)}`}`,
  'risk-restart': ({ startS }) => `a restart without CPU credits takes ${formatDuration(startS)}`,
  'risk-build-memory': ({ instanceType }) => `a build needs more memory than ${withArticle(instanceType)} has`,
  'risk-build': ({ instanceType, durationS }) => `a build on ${instanceType} takes ${formatDuration(durationS)}`,
  'risk-memory': ({ systemBytes }) => `${formatBytes(systemBytes)} of memory are assumed for the system`,
  'risk-emulated': ({ instanceType }) => `${instanceType} was emulated`,
};

/** Trigger, consequence, evidence, what to do. */
type RiskRow = readonly [risk: string, trigger: string, consequence: string, evidence: string, action: string];
type RiskRows = {
  readonly [C in keyof RiskFindings]: (figures: RiskFindings[C], textOf: (finding: Finding) => string) => RiskRow;
};

const riskRows: RiskRows = {
  'risk-not-valid': ({ run, verdict, reasons: [first] }, textOf) => [
    'Measurement',
    `${run} is ${verdict}`,
    'No figure of it decides anything',
    first ? textOf(first) : '',
    'Rerun on an idle machine',
  ],
  'risk-disturbed': ({ run, because }, textOf) => [
    'Disturbance',
    `Other programs ran beside ${run}`,
    'Rates too low, latency too high',
    textOf(because),
    'Rerun on an idle machine',
  ],
  'risk-prediction': ({ instanceType, state, from, predictedPerS, measuredPerS, errorPercent, suspects }, textOf) => [
    'Prediction missed',
    `${instanceType} ${state}, predicted from ${from}`,
    `${formatRateInterval(predictedPerS)} predicted, ${formatRate(measuredPerS)} measured: ${tooFar(errorPercent)}`,
    suspects[0] ? textOf(suspects[0]) : 'No cause found',
    'Measure a type before you choose it',
  ],
  'risk-alarm': ({ instanceType, monitor, result, why }, textOf) => [
    'Alarm',
    `The load of this run on ${instanceType}`,
    `${monitor} ${fired[result]}`,
    textOf(why),
    'See its entry in docs/runbook.md',
  ],
  'risk-credits-empty': ({ hoursToThrottle: { launch, full }, sustainedPerS, onEc2, p99Us }) => [
    'Credits empty',
    `Full load for ${launch > 0 ? `${formatHours(launch)} after launch, ` : ''}${formatHours(full)} from a full balance`,
    `Throttled to ${rate(sustainedPerS.value, onEc2)}`,
    p99Us === undefined ? 'Predicted' : `p99 ${formatLatency(p99Us)} without credits, closed load`,
    'Watch cpu-credits, or use unlimited mode',
  ],
  'risk-restart': ({ startS }) => [
    'Restart without credits',
    'Deploy or crash at balance 0',
    `${formatDuration(startS)} until the app listens`,
    'Start-up CPU measured, at baseline performance',
    'Restart while credits remain',
  ],
  'risk-build': ({ durationS, beside, p99Us }) => [
    'Build',
    'A build beside the app',
    `${beside ? howLong(durationS / beside.durationS, beside.instanceType) : formatDuration(durationS)}${p99Us && p99Us.to > p99Us.from ? ', and p99 rises' : ''}`,
    'One build: see the third question',
    'Build on another machine',
  ],
  'risk-build-memory': ({ instanceType, line }) => [
    'Build',
    'A build beside the app',
    `Ended by the kernel: more memory than ${withArticle(instanceType)} has`,
    `"${line}" ran once`,
    'Build on another machine',
  ],
  'risk-memory': ({ systemBytes, neededBytes, guestBytes }) => [
    'Memory of the system',
    `The system needs more than ${formatBytes(systemBytes)}`,
    `${formatBytes(guestBytes - neededBytes)} are left`,
    'App measured, system assumed',
    'Compare with free -m',
  ],
  'risk-emulated': ({ instanceType, vcpuOfACore }) => [
    'Emulation',
    'An EC2 vCPU is slower or faster than assumed',
    vcpuOfACore
      ? `All EC2 rates shift by ${percentOf(vcpuOfACore.low, vcpuOfACore.value)} to ${percentOf(vcpuOfACore.high, vcpuOfACore.value)}`
      : 'Ratios hold, absolute rates do not',
    vcpuOfACore ? 'Timed here and on EC2' : 'Speed of EC2 not known here',
    `Confirm on ${withArticle(instanceType)}`,
  ],
};

/** Of one build each: less than a twentieth is no difference. */
function howLong(times: number, instanceType: string): string {
  const isSame = Math.abs(times - 1) < 0.05;
  return `Takes ${isSame ? '' : `${times.toPrecision(2)} times `}as long as on ${instanceType}`;
}

const fired = { alert: 'would have fired', warning: 'would have warned' } as const;

/** The cells of a risk. */
export function describeRisk({ code, ...figures }: Finding, textOf: (finding: Finding) => string): RiskRow {
  const row = riskRows[code as keyof RiskFindings] as (figures: never, textOf: (finding: Finding) => string) => RiskRow;
  return row(figures as never, textOf);
}

/** `26.3 % too low`. */
function tooFar(errorPercent: number): string {
  return `${formatPercent(Math.abs(errorPercent))} too ${errorPercent < 0 ? 'low' : 'high'}`;
}

function percentOf(end: number, value: number): string {
  return formatSignedPercent(Math.round(100 * (end / value - 1)));
}

function rate(perS: number, onEc2: boolean): string {
  return onEc2 ? formatEc2Rate({ value: perS }) : formatRate(perS);
}
