// The judgement of a run as OpenMetrics text, for a Pushgateway or node_exporter's textfile collector.

import { plainText } from '../format/plain-text.ts';
import type { Judged } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';

type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };
type Family = {
  readonly name: string;
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly Sample[];
};

const quantiles = { p50: '0.5', p90: '0.9', p95: '0.95', p99: '0.99', p999: '0.999', max: '1' } as const;
const verdicts = ['pass', 'fail', 'no-verdict'] as const;

/** Gauges in base units (seconds, ratios), labelled with run and stage. What was not measured has no sample. Ends with `# EOF`. */
export function renderOpenMetrics(judged: Judged): string {
  const families = [...runFamilies(judged), ...stageFamilies(judged), ...typeFamilies(judged)];
  return `${families
    .filter((family) => family.samples.length > 0)
    .map(renderFamily)
    .join('')}# EOF\n`;
}

function runFamilies(judged: Judged): Family[] {
  const { run } = judged;
  return [
    {
      name: 'headroom_verdict',
      help: 'Verdict of the run: 1 for the verdict, 0 for the others.',
      samples: verdicts.map((verdict) => ({ labels: { run, verdict }, value: judged.verdict === verdict ? 1 : 0 })),
    },
    {
      name: 'headroom_threshold_holds',
      help: 'Whether a threshold holds; a threshold without data has no sample.',
      samples: judged.thresholds
        .filter((threshold) => threshold.verdict !== 'no-data')
        .map(({ expression, verdict }, index) => ({
          labels: { run, threshold: expression, number: String(index) },
          value: verdict === 'pass' ? 1 : 0,
        })),
    },
    {
      name: 'headroom_saturation_requests_per_second',
      help: 'Throughput at saturation: more connections do not raise it.',
      samples: judged.saturation ? [{ labels: { run }, value: judged.saturation.throughputPerS }] : [],
    },
  ];
}

function stageFamilies({ run, stages: all }: Judged): Family[] {
  const stages = all.filter(({ role }) => role === 'measured' || role === 'sustained');
  const each = (value: (stage: JudgedStage) => number | undefined): Sample[] =>
    stages.flatMap((stage, index) => {
      const found = value(stage);
      // Two stages may have one name; two samples may not have one set of labels.
      const { name, role } = stage;
      return found === undefined ? [] : [{ labels: { run, stage: name, role, number: String(index) }, value: found }];
    });
  return [
    {
      name: 'headroom_throughput_requests_per_second',
      help: 'Completed requests per second of load.',
      samples: each((stage) => stage.throughputPerS),
    },
    {
      name: 'headroom_errors_ratio',
      unit: 'ratio',
      help: 'Share of the requests without an expected response.',
      samples: each((stage) => stage.errorRatePercent && stage.errorRatePercent / 100),
    },
    {
      name: 'headroom_latency_seconds',
      unit: 'seconds',
      help: 'Latency of expected responses by quantile.',
      samples: Object.entries(quantiles).flatMap(([key, quantile]) =>
        each((stage) => stage.latencyUs && stage.latencyUs[key as keyof typeof quantiles] / 1e6).map((sample) => ({
          ...sample,
          labels: { ...sample.labels, quantile },
        })),
      ),
    },
    {
      name: 'headroom_host_cpu_busy_ratio',
      unit: 'ratio',
      help: 'Share of the host CPU in use, mean of the stage.',
      samples: each((stage) => {
        const idle = stage.host['system.cpu.idle'];
        return idle && 1 - idle.avg / 100;
      }),
    },
  ];
}

function typeFamilies({ run, sizing }: Judged): Family[] {
  const types = sizing?.types ?? [];
  return [
    {
      name: 'headroom_type_fits',
      help: 'Whether an instance type fits; an inconclusive type has no sample.',
      samples: types
        .filter(({ verdict }) => verdict !== 'inconclusive')
        .map(({ instanceType, verdict }) => ({
          labels: { run, type: instanceType },
          value: verdict === 'fits' ? 1 : 0,
        })),
    },
    {
      name: 'headroom_type_requests_per_second',
      help: 'Capacity of an instance type with CPU credits (burst) and without (sustained), predicted and measured.',
      samples: types.flatMap((type) =>
        [
          ['burst', 'predicted', type.burstPerS?.value],
          ['burst', 'measured', type.measuredBurstPerS],
          ['sustained', 'predicted', type.sustainedPerS?.value],
          ['sustained', 'measured', type.measuredSustainedPerS],
        ].flatMap(([state, how, value]) =>
          typeof value === 'number'
            ? [{ labels: { run, type: type.instanceType, state: `${state}`, how: `${how}` }, value }]
            : [],
        ),
      ),
    },
  ];
}

function renderFamily({ name, unit, help, samples }: Family): string {
  const head = [
    `# TYPE ${name} gauge`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${escapeText(help)}`,
  ];
  return [...head, ...samples.map(({ labels, value }) => `${name}{${renderLabels(labels)}} ${value}`), ''].join('\n');
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escapeText(value)}"`)
    .join(',');
}

function escapeText(text: string): string {
  return plainText(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
