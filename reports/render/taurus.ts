// The final statistics in the format of Taurus (gettaurus.org), which Jenkins' Performance plugin draws over builds.
// Its TaurusParser.java needs bytes, fail, succ, throughput and avg_rt; counts are integers, times are in seconds.
import { type Histogram, mergeHistograms, summarize } from '../../model/latency/histogram.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { countErrors } from '../../model/stage/sums.ts';
import { xml } from '../format/xml.ts';
import { measure } from '../measured/measured.ts';

const percentiles = [0, 50, 90, 95, 99, 99.9, 100];

/**
 * One `<Group>` of all measured stages together (its label is empty) and one per route. `throughput` is a count of requests, as in
 * Taurus. A group without a latency is left out: the plugin would read it as 0 ms. Bytes are those of all
 * responses; by route they are not counted, and the plugin needs a number.
 */
export function renderTaurus(run: RunRecord): string {
  const stages = run.stages.filter((stage) => stage.role === 'measured');
  const { durationS, outcomes } = measure(run);
  const failed = countErrors(outcomes);
  const names = [...new Set(stages.flatMap((stage) => Object.keys(stage.routes)))].sort();
  const latency = (of: (stage: StageRecord) => string | undefined) =>
    mergeHistograms(stages.map(of).filter((each) => each !== undefined));
  const groups = [
    group(
      '',
      outcomes.ok,
      failed,
      latency((stage) => stage.latencyUs?.histogram),
      stages.reduce((sum, { bytes }) => sum + (bytes?.received ?? 0), 0),
    ),
    ...names.map((name) => {
      const of = (count: 'ok' | 'failed') => stages.reduce((sum, { routes }) => sum + (routes[name]?.[count] ?? 0), 0);
      return group(
        name,
        of('ok'),
        of('failed'),
        latency((stage) => stage.routes[name]?.latencyUs?.histogram),
        0,
      );
    }),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<FinalStatus>',
    `  <TestDuration>${durationS.toFixed(3)}</TestDuration>`,
    ...groups.filter((each) => each !== ''),
    '</FinalStatus>',
    '',
  ].join('\n');
}

function group(label: string, succ: number, fail: number, latency: Histogram, bytes: number): string {
  const found = summarize(latency);
  if (!found) return '';
  const seconds = (us: number) => (us / 1e6).toFixed(6);
  const lines = [
    `<throughput value="${succ + fail}"/>`,
    `<succ value="${succ}"/>`,
    `<fail value="${fail}"/>`,
    `<avg_rt value="${seconds(found.mean)}"/>`,
    `<bytes value="${bytes}"/>`,
    ...percentiles.map((each) => {
      const value = each === 0 ? latency.minNonZeroValue : latency.getValueAtPercentile(each);
      return `<perc param="${each.toFixed(1)}" value="${seconds(value)}"/>`;
    }),
  ];
  return [`  <Group label="${xml(label)}">`, ...lines.map((line) => `    ${line}`), '  </Group>'].join('\n');
}
