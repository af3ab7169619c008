// Which part of the load this harness sends: --shard and --start-at.
import { isoTime } from '../../../model/iso-time.ts';
import { UserError } from '../../../model/user-error.ts';
import type { StressOptions } from './stress-options.ts';

/** Variables of what starts many machines: the index, what it counts from, and the count. */
const counted = [
  { of: 'GitLab', index: 'CI_NODE_INDEX', from: 1, count: 'CI_NODE_TOTAL' },
  { of: 'AWS Batch', index: 'AWS_BATCH_JOB_ARRAY_INDEX', from: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
  // Kubernetes names no count, and a GitHub matrix has both as expressions only: the job sets these.
  { of: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', from: 0, count: 'HEADROOM_SHARDS' },
  { of: 'others', index: 'HEADROOM_SHARD_INDEX', from: 0, count: 'HEADROOM_SHARDS' },
] as const;

/** Undefined without flags. `--shard auto` reads the environment. Throws a UserError for what is no shard, or a time that has passed. */
export function chooseShard(
  argv: { readonly shard?: string | undefined; readonly startAt?: string | undefined },
  environment: NodeJS.ProcessEnv,
): StressOptions['shard'] {
  if (argv.shard === undefined && argv.startAt === undefined) return undefined;
  const shard = argv.shard === 'auto' ? shardOf(environment) : argv.shard;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(shard ?? '') ?? [];
  if (index === undefined || Number(index) < 1 || Number(index) > Number(of)) {
    const found = argv.shard === 'auto' ? ` (the environment says ${shard})` : '';
    throw new UserError(`--shard must be I/N with I from 1 to N, like 2/3, or auto, and needs --start-at${found}`);
  }
  const startAt = startOf(argv.startAt ?? '', environment);
  if (Number.isNaN(startAt))
    throw new UserError(
      '--start-at must be a time like 2026-01-31T12:00:00Z, next:10m or pipeline+10m, the same for all shards',
    );
  if (startAt < Date.now() + 5000)
    throw new UserError('--start-at must be at least 5 s in the future, so that all shards are ready');
  return { index: Number(index) - 1, of: Number(of), startAt };
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Machines that start within this time before a multiple agree on the one after it. */
const readyMs = 60_000;

/** A time, or one that all shards find out for themselves: the next multiple of 10 minutes, or 10 minutes after the pipeline began. NaN for anything else. */
function startOf(text: string, { CI_PIPELINE_CREATED_AT }: NodeJS.ProcessEnv): number {
  const [, rule, count, unit] = /^(next:|pipeline\+)([1-9]\d*)([smh])$/.exec(text) ?? [];
  if (rule === undefined) return isoTime(text);
  const lengthMs = Number(count) * unitMs[unit as keyof typeof unitMs];
  if (rule === 'next:') return Math.ceil((Date.now() + readyMs) / lengthMs) * lengthMs;
  if (!CI_PIPELINE_CREATED_AT)
    throw new UserError(`--start-at ${text} reads CI_PIPELINE_CREATED_AT, which only GitLab sets`);
  return Date.parse(CI_PIPELINE_CREATED_AT) + lengthMs;
}

/** `2/3`, from the first pair of variables whose index is set. */
function shardOf(environment: NodeJS.ProcessEnv): string {
  const found = counted.find(({ index }) => environment[index]);
  if (!found) {
    const names = counted.map(({ index, count, of }) => `${index} and ${count} (${of})`).join(', ');
    throw new UserError(`--shard auto found no index of a shard: it reads ${names}`);
  }
  const { index, from, count } = found;
  if (!environment[count])
    throw new UserError(`--shard auto found ${index}, but not ${count}: set it to the number of shards`);
  return `${Number(environment[index]) + 1 - from}/${environment[count]}`;
}
