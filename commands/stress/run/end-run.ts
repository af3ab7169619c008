// The record of one run when its load is over, and what Datadog adds to it and learns of it.
import { join } from 'node:path';
import type { LoadResult } from '../../../loadtest/run/load-plan.ts';
import { judgeLimits } from '../../../loadtest/run/validity.ts';
import type { Alarms } from '../../../model/alarms.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { describeGenerator } from '../../cli/machine.ts';
import { pullSamples } from '../../datadog/pull-samples.ts';
import { commandFinding } from '../../messages.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { BegunRun } from './begin-run.ts';
import type { CheckedRun } from './check-run.ts';
import type { OpenRun } from './open-run.ts';

/** Writes the final record; waits for the monitors of a drill to recover, and pulls Datadog's samples of the host. */
export async function endRun(
  open: OpenRun,
  options: StressOptions,
  { sources }: CheckedRun,
  { target, warnings, record }: BegunRun,
  { use, warnings: loadWarnings, ...result }: LoadResult,
): Promise<{ readonly run: RunRecord; readonly drill: Alarms['drill'] }> {
  const { folder, emulated, session } = open;
  await open.sources?.stop();
  emulated?.stopCredits();
  const finishedAt = new Date();
  const gaps = [...open.gaps].map((cause) => commandFinding('node-exporter-gap', { cause }));
  const outOfMemory = open.outOfMemory ?? emulated?.outOfMemory();
  const ended = record({
    ...result,
    ...(outOfMemory && { outOfMemory }),
    ...options.vcpuSpeed(),
    validity: judgeLimits(result.validity, emulated?.lostLimits() ?? []),
    warnings: [...warnings, ...loadWarnings, ...(options.measuredCores?.warnings() ?? []), ...gaps],
    generator: { ...describeGenerator(options.generators), ...use },
    finishedAt: finishedAt.toISOString(),
  });
  folder.writeRun(ended);
  const drill = await session?.drilled();
  const { datadog } = options;
  if (!datadog || !sources.some(({ kind }) => kind === 'datadog')) return { run: ended, drill };
  const pulled = await pullSamples(datadog, open.startedAt, finishedAt);
  for (const line of pulled.lines) folder.append(line);
  const instanceType = target.instanceType ?? pulled.instanceType;
  const run = {
    ...ended,
    warnings: [...ended.warnings, ...pulled.warnings],
    target: { ...target, ...(instanceType !== undefined && { instanceType }) },
  };
  folder.writeRun(run);
  return { run, drill };
}

/** Sends what is left of the metrics, and to Datadog the verdict, with --publish. */
export async function publishVerdict(open: OpenRun, { datadog, say }: StressOptions): Promise<void> {
  for (const { text = '' } of (await open.otlp?.ended()) ?? []) say(text);
  if (!datadog?.publish) return;
  // Loaded here: pages and charts take long to load, and the first request need not wait for them.
  const { readReport } = await import('../../../reports/write.ts');
  const { textOf } = await import('../../../reports/messages/text-of.ts');
  const { verdictWord } = await import('../../../reports/format/outcome.ts');
  const { headline, verdict } = (await readReport(open.folder.dir)).judged;
  const sentence = `${verdictWord(verdict)}: ${textOf(headline)}`;
  const problems = await open.session?.ended(sentence, verdict === 'pass', join(open.folder.dir, 'report'));
  for (const problem of problems ?? []) datadog.say(textOf(problem));
}
