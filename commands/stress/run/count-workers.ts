// How many vCPUs an app keeps busy, which decides what a type with more of them is worth to it: seen under a short load, before the measured one.
import { sendOnce, walkOfRoute } from '../../../loadtest/target/send-once.ts';
import type { StartedApp } from '../../../loadtest/target/started-app.ts';
import { UserError } from '../../../model/user-error.ts';
import { watchWorkers } from '../../../monitors/collectors/busy-workers.ts';
import type { CheckedRun } from './check-run.ts';

const durationMs = 1500;
/** Enough to keep several workers busy, each with more than one request. */
const atOnce = 8;
const options = { insecure: true, timeoutS: 5, bodyBytes: 0 };

/** From 1 to `vcpus`, which is the answer too where nothing can be asked for or seen. */
export async function countWorkers(
  app: StartedApp,
  { routes, walk }: Pick<CheckedRun, 'routes' | 'walk'>,
  vcpus: number,
  signal: AbortSignal,
): Promise<number> {
  const route = routes.find(({ method }) => method === 'GET');
  const sent = walk ?? (route && walkOfRoute(route));
  if (!sent || vcpus === 1) return vcpus;
  const seen = watchWorkers(app.pids);
  const until = performance.now() + durationMs;
  const isOver = (): boolean => performance.now() >= until || signal.aborted;
  const askOn = async (): Promise<void> => {
    while (!isOver()) for await (const _ of sendOnce(app.url, sent, { ...options, signal })) if (isOver()) return;
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, askOn));
  } catch (error) {
    // What is wrong with the route is said by the preflight.
    if (error instanceof UserError) return vcpus;
    throw error;
  }
  return Math.min(vcpus, seen() ?? vcpus);
}
