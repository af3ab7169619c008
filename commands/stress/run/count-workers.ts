// How many vCPUs an app keeps busy, which decides what a type with more of them is worth to it: seen under a short load, before the measured one.
import { ask } from '../../../loadtest/target/ask.ts';
import type { StartedApp } from '../../../loadtest/target/started-app.ts';
import type { Route } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { watchWorkers } from '../../../monitors/collectors/busy-workers.ts';

const durationMs = 1500;
/** Enough to keep several workers busy, each with more than one request. */
const atOnce = 8;

/** From 1 to `vcpus`, which is the answer too where nothing can be asked for or seen. */
export async function countWorkers(
  app: StartedApp,
  routes: readonly Route[],
  vcpus: number,
  signal: AbortSignal,
): Promise<number> {
  const route = routes.find(({ method }) => method === 'GET');
  if (!route || vcpus === 1) return vcpus;
  const seen = watchWorkers(app.pids);
  const until = performance.now() + durationMs;
  const askOn = async (): Promise<void> => {
    while (performance.now() < until && !signal.aborted) await ask(app.url, route, true);
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
