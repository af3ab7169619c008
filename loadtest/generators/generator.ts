// A generator process: the coordinator sends it stages to run, it answers with the lines of their seconds.
import type { Finding } from '../../model/finding.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { runClosedStage } from '../engines/closed.ts';
import { runOpenStage } from '../engines/open.ts';
import { rehearse } from '../engines/rehearsal.ts';
import type { StageOrder } from '../engines/stage-order.ts';
import { runUsersStage } from '../engines/users.ts';

export type ToGenerator =
  /** The first. Messages in either direction change what V8 knows of typed arrays: that is over before code is compiled. */
  | { readonly type: 'rehearse'; readonly walks: boolean }
  | { readonly type: 'run'; readonly order: StageOrder }
  | { readonly type: 'stop'; readonly reason: Finding };
export type FromGenerator =
  /** The first, of which nothing follows but that sending one is no longer new to this process. */
  | { readonly type: 'rehearsing' }
  /** `perCoreS`: see `rehearse`. */
  | { readonly type: 'ready'; readonly perCoreS: number }
  | { readonly type: 'line'; readonly line: LoadLine | StageEndLine };

const send = (message: FromGenerator): void => {
  process.send?.(message);
};

const emit = (line: LoadLine | StageEndLine): void => send({ type: 'line', line });

function runStage(order: StageOrder, signal: AbortSignal): Promise<void> {
  if (order.kind !== 'closed') return runOpenStage(order, emit, signal).then(() => {});
  const { thinkTimeS = 0, walk } = order;
  return thinkTimeS === 0 && !walk
    ? runClosedStage(order, emit, signal)
    : runUsersStage({ ...order, thinkTimeS }, emit, signal);
}

let current: AbortController | undefined;

process.on('message', (message: ToGenerator) => {
  if (message.type === 'stop') {
    current?.abort(message.reason);
    return;
  }
  if (message.type === 'rehearse') {
    send({ type: 'rehearsing' });
    void rehearse(message.walks).then((perCoreS) => send({ type: 'ready', perCoreS }));
    return;
  }
  current = new AbortController();
  // A rejection here is a bug: it crashes the process, and the coordinator sees the exit.
  void runStage(message.order, current.signal);
});

// The coordinator is gone: without it, no load goes on.
process.on('disconnect', () => process.exit());
