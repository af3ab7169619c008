// One run: open -> begin -> load -> end -> observe -> close.
import type { Observed } from '../../../model/observed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { observeRun } from '../../datadog/observe-run.ts';
import type { StressOptions } from '../options/stress-options.ts';
import { beginRun } from './begin-run.ts';
import { checkRun } from './check-run.ts';
import { endRun, publishVerdict } from './end-run.ts';
import { closeRun, openRun, startObserving } from './open-run.ts';
import { nothingSent, sendLoad } from './send-load.ts';
import { startTarget } from './start-target.ts';

/** A run folder that still lacks its report. */
export type FinishedRun = {
  readonly run: RunRecord;
  readonly dir: string;
  readonly observed: Observed | undefined;
};

/** Runs the profile, observes the host and writes the run folder. Whatever happens, no process that was started here stays. */
export async function stress(options: StressOptions): Promise<FinishedRun> {
  const checked = checkRun(options);
  const open = openRun(options);
  try {
    await startTarget(open, options, checked);
    await startObserving(open, options, checked);
    const begun = await beginRun(open, options, checked);
    const isThere = options.target !== undefined || open.app !== undefined;
    const load = isThere ? await sendLoad(open, options, checked, begun) : nothingSent(open);
    const { run, drill } = await endRun(open, options, checked, begun, load);
    const { dir } = open.folder;
    const primary = open.emulated ? 'emulated' : checked.sources[0]?.kind;
    const { datadog, tagEnvironment: environment } = options;
    const observed = await observeRun(dir, run, { primary, host: datadog?.host, drill, environment });
    await publishVerdict(open, options);
    return { run, dir, observed };
  } finally {
    options.turn.leave();
    await closeRun(open, options);
  }
}
