// What it cost that the target closes a connection after its response.
import type { Finding } from '../../model/finding.ts';
import { isOpenBlock, type StageRecord } from '../../model/stage/stage-record.ts';
import { loadFinding } from '../messages.ts';

/** Connections for each response, from which on they were not kept: spare ones are opened ahead too. */
const kept = 0.5;

/** One finding over all measured stages in which connections were not kept; undefined when there is none. */
export function findReconnecting(stages: readonly StageRecord[]): Finding | undefined {
  // An open block is so short that the connections opened ahead may be more than its requests.
  const closing = stages
    .filter((stage) => !isOpenBlock(stage))
    .flatMap(({ role, requests, keepAlive, latencyUs }) => {
      const { opened = 0, connectUs } = keepAlive ?? {};
      const isClosing =
        role !== 'warm-up' && connectUs !== undefined && opened > 100 && opened > kept * requests.completed;
      return isClosing
        ? [{ opened, completed: requests.completed, connectUs: connectUs.mean, latencyUs: latencyUs?.mean }]
        : [];
    });
  if (closing.length === 0) return undefined;
  const sum = (of: (each: (typeof closing)[number]) => number) => closing.reduce((total, each) => total + of(each), 0);
  const opened = sum((each) => each.opened);
  const mean = (of: (each: (typeof closing)[number]) => number) => sum((each) => each.opened * of(each)) / opened;
  const latencyUs = mean((each) => each.latencyUs ?? Number.NaN);
  return loadFinding('connection-per-response', {
    opened,
    completed: sum((each) => each.completed),
    connectUs: mean((each) => each.connectUs),
    ...(latencyUs > 0 && { latencyUs }),
  });
}
