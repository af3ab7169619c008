// Further starts of the app in the middle of a run.
import type { Starts, StopReason } from '../../../loadtest/run/load-plan.ts';
import { freshLeadS } from '../../../model/stage-kinds/load-stage.ts';
import { UserError } from '../../../model/user-error.ts';
import { commandFinding } from '../../messages.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { OpenRun } from './open-run.ts';

/** Of an app that can be started again; `atChange` is called before its processes end, and when the new ones listen. */
export function startsOf(
  { app, stopped }: OpenRun,
  { emulation }: Pick<StressOptions, 'emulation'>,
  atChange: () => void,
): Starts | undefined {
  const restart = app?.restart;
  if (!restart) return undefined;
  let count = 1;
  return {
    count: () => count,
    warmUpS: (emulation?.share.withCredits ?? 1) < 1 ? freshLeadS.shared : freshLeadS.whole,
    again: async () => {
      atChange();
      try {
        await restart();
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const reason = commandFinding('app-not-restarted', { cause: error.message });
        stopped.abort({ status: 'aborted', reason } satisfies StopReason);
      }
      count++;
      atChange();
    },
  };
}
