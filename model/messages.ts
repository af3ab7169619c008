// Texts of what the model itself finds in a run: no data, the end of a warm-up, a run that was cut off, merged shards.
import { findingMaker } from './finding.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const modelFinding = findingMaker({
  'no-request-sent': () => 'No request was sent',
  'no-request-ended': () => 'No request ended',
  'no-request-intended': () => 'No request was intended',
  'no-expected-answer': () => 'No request got an expected answer',
  'no-load': () => 'No load was measured',
  'only-stage-aborted': () => 'The run was aborted in its only measured stage, which does not count',
  'not-a-load-figure': ({ metric }: { metric: string }) => `${metric} is not a figure of the load`,
  'host-not-observed': () => 'Host metrics were not collected in this run',
  'no-host-sample': ({ metric }: { metric: string }) => `No sample of ${metric} in a measured stage`,

  'stage-too-short': ({ durationS, neededS }: { durationS: number; neededS: number }) =>
    `Nothing was cut: ${durationS} s is too short to separate the warm-up from noise (at least ${neededS} s)`,
  'too-few-answered-seconds': (figures: { answeredS: number; durationS: number; neededS: number }) =>
    `Nothing was cut: only ${figures.answeredS} of ${figures.durationS} s have an answer (at least ${figures.neededS} s)`,
  'not-settled': () => 'Nothing was cut: the series has not settled. Use a longer stage',
  'no-warm-up': () => 'No warm-up was found (MSER-5)',
  'warm-up-cut': ({ cutS }: { cutS: number }) => `The first ${cutS} s were warm-up (MSER-5)`,
  'cut-by-profile': ({ cutS }: { cutS: number }) =>
    cutS === 0 ? 'The profile cuts nothing' : `The profile cuts the first ${cutS} s`,
  'cut-by-shards': ({ cutS }: { cutS: number }) =>
    `The first ${cutS} s were cut as in the shard with the longest warm-up, but a shard has not settled. Use a longer stage`,

  'harness-killed': () => 'The harness ended before the run did',
  'run-not-ended': () => 'The run has not ended',
  'stages-recovered': () => 'Partial run: its last stages were recovered from seconds.jsonl',

  'points-repeated': ({ file, metric, points }: { file: string; metric: string; points: number }) =>
    `${file}: ${points} repeated point${points === 1 ? '' : 's'} of ${metric} left out`,
  'not-of-the-host': ({ file, host, queries }: { file: string; host: string; queries: readonly string[] }) =>
    `${file}: left out what is not a metric of the host ${host} itself: ${queries.slice(0, 3).join('; ')}${queries.length > 3 ? `; and ${queries.length - 3} more` : ''}`,
  'times-without-zone': ({ file }: { file: string }) =>
    `${file}: times without a time zone, read as UTC (--zone names another)`,
  'perhaps-idle': ({ file }: { file: string }) =>
    `${file}: CPU use is above 80 % in nine of ten periods. If the values are idle time, name their column idle %`,
  'month-first': ({ file }: { file: string }) =>
    `${file}: its dates were read with the month first. If the day is first, write it again with S_TIME_FORMAT=ISO`,
  'more-pages': ({ file }: { file: string }) =>
    `${file}: CloudWatch had more points than this answer holds. Add the next pages as further files`,

  'shard-missing': ({ shard }: { shard: string }) => `Shard ${shard} is missing`,
  'shard-not-complete': ({ shard, status }: { shard: string; status: string }) => `Shard ${shard} is ${status}`,
  'shard-reason': ({ shard, reason }: { shard: string; reason: { text?: string | undefined } }) =>
    `Shard ${shard}: ${reason.text ?? ''}`,
  'shard-clock-unknown': ({ shards }: { shards: readonly string[] }) =>
    `The clock offset of shard ${shards.join(' and ')} was not measured: whether the shards ran at the same time is unknown`,
  'shard-clocks-differ': ({ skewMs }: { skewMs: number }) =>
    `The clocks of the shards differ by ${seconds(skewMs)}: their load did not run at the same time. Synchronise them with NTP`,
  'shards-merged': ({ merged, of, runs }: { merged: number; of: number | undefined; runs: readonly string[] }) =>
    `Merged from ${merged} of ${of} shards: ${runs.join(', ')}`,
});
