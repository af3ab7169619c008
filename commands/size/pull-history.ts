// The record of a host, directly from Datadog.
import { readRecorded } from '../../model/recorded/read-recorded.ts';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import type { Account } from '../datadog/datadog-account.ts';
import { checkHost } from '../datadog/monitor-flags.ts';

/** Averages of each bucket, its peaks, AWS's balance, and memory where it is known. */
const queries = [
  'avg:system.cpu.idle',
  'min:system.cpu.idle',
  'avg:system.cpu.iowait',
  'avg:system.cpu.stolen',
  'avg:aws.ec2.cpucredit_balance',
  'min:system.mem.usable',
  'max:system.mem.total',
];

/** Pulls the days up to now, or the window of --from and --to. Throws a UserError when Datadog has no points. */
export async function pullHistory(
  { datadog, clock, say }: Account,
  asked: {
    readonly host?: string | undefined;
    readonly days?: number | undefined;
    readonly fromMs?: number | undefined;
    readonly toMs?: number | undefined;
  },
): Promise<RecordedFile> {
  const host = checkHost(asked.host ?? '');
  const { days = 14 } = asked;
  if (!(days > 0 && days <= 455)) throw new UserError('--days must be a number above 0, at most 455');
  const toMs = asked.toMs ?? clock.now();
  const fromMs = asked.fromMs ?? toMs - days * 86_400_000;
  if (toMs - fromMs > 455 * 86_400_000)
    throw new UserError('Datadog keeps at most 455 days: give a later --from, or an earlier --to');
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString()) as [string, string];
  const { pullMetrics } = await import('../../monitors/datadog/pull.ts');
  // CloudWatch's own period, so that a balance is compared with the same end of it.
  const own = queries.map((query) => `${query}{host:${host}}${query.includes('aws.') ? '.rollup(avg, 300)' : ''}`);
  // What Datadog does not have yet is not waited for.
  const { document } = await pullMetrics({ datadog, clock, host, from, to, queries: own, maxLagS: 0, onProgress: say });
  if (document.series.length === 0)
    throw new UserError(`Datadog has no CPU of ${host} from ${from} to ${to}: ${document.hint?.text ?? ''}`);
  return readRecorded(JSON.stringify(document), `Datadog, host ${host}`);
}
