// Where each line of a run goes.
import { loadFinding } from '../../../loadtest/messages.ts';
import { createAutostop } from '../../../loadtest/run/autostop.ts';
import type { StopReason } from '../../../loadtest/run/load-plan.ts';
import type { Line } from '../../../model/second.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { OpenRun } from './open-run.ts';

/** Writes each line down, shows it, and acts on it: autostop ends the run. */
export function followLines(open: OpenRun, options: StressOptions): (line: Line) => void {
  const { folder, stopped } = open;
  const autostop = createAutostop(options.profile.autostop);
  let stage = { name: '', judged: false };
  const onLine = (line: Line): void => {
    folder.append(line);
    options.onLine(line);
    open.session?.onLine(line);
    open.otlp?.onLine(line);
    if (line.kind === 'stage') {
      stage = { name: line.name, judged: line.role === 'measured' };
    }
    if ((line.kind !== 'load' && line.kind !== 'host') || !stage.judged) return;
    const stop = autostop.see(line);
    if (!stop) return;
    const reason = loadFinding('autostop', { ...stop, stage: stage.name });
    stopped.abort({ status: 'aborted', reason } satisfies StopReason);
  };
  return onLine;
}
