// Applies a plan. No monitor is created twice, even when answers are lost.
import { UserError } from '../../model/user-error.ts';
import { Refusal } from '../datadog/call.ts';
import type { Datadog } from '../datadog/datadog.ts';
import { eachLimited } from '../datadog/each-limited.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { LostAnswer } from '../datadog/retrying-fetch.ts';
import { isAboutHost, ownedKey, ownerTag, type WantedMonitor } from '../spec/wanted-monitor.ts';
import { differences, typeFamily } from './differences.ts';
import type { Plan } from './plan.ts';

/** Datadog allows 500 writes of monitors in 10 s; eight at a time stay well below that at any latency. */
const concurrency = 8;

/** Validates everything that will be written. Throws one UserError with all refusals, before the first write. */
export async function validatePlan(datadog: Datadog, plan: Plan): Promise<void> {
  const writes = [
    ...plan.creates.map((wanted) => ({ wanted, id: undefined })),
    ...plan.updates.map(({ wanted, stored }) => ({ wanted, id: stored.id })),
  ];
  const refusals: Refusal[] = [];
  await eachLimited(writes, concurrency, async ({ wanted, id }) => {
    try {
      await datadog.validateMonitor(wanted, id);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 400) throw error;
      // A duplicate was stored by an earlier apply: creating it again finds it.
      if (id !== undefined || error.duplicateOf === undefined) refusals.push(error);
    }
  });
  const [first, ...others] = refusals;
  if (!first) return;
  throw others.length === 0 ? first : new UserError(refusals.map((error) => error.message).join('\n'));
}

/** Writes the plan of one host; returns the ids of the created monitors by key. Creates come first, so that the host is never without a monitor. */
export async function applyPlan(datadog: Datadog, plan: Plan, host: string): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  await eachLimited(plan.creates, concurrency, async (wanted) => {
    ids.set(wanted.key, await createOnce(datadog, wanted, host));
  });
  await eachLimited(plan.updates, concurrency, async ({ wanted, stored }) => {
    await datadog.updateMonitor(stored.id, wanted);
  });
  await eachLimited(plan.deletes, concurrency, ({ stored }) => datadog.deleteMonitor(stored.id));
  return ids;
}

/** Creates a monitor, or finds the one that an earlier request with a lost answer has created. */
async function createOnce(datadog: Datadog, wanted: WantedMonitor, host: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await datadog.createMonitor(wanted)).id;
    } catch (error) {
      const twin = error instanceof Refusal ? error.duplicateOf : undefined;
      if (twin !== undefined) return adopt(datadog, wanted, await datadog.getMonitor(twin));
      if (!(error instanceof LostAnswer)) throw error;
      const stored = (await datadog.listMonitors([ownerTag, `headroom_key:${wanted.key}`])).find(
        (monitor) =>
          ownedKey(monitor.tags) === wanted.key &&
          isAboutHost(monitor, host) &&
          typeFamily(monitor.type) === typeFamily(wanted.type),
      );
      if (stored) return adopt(datadog, wanted, stored);
      if (attempt === 3) {
        const why = `Datadog did not store the monitor "${wanted.name}" in three attempts (${error.message})`;
        throw new UserError(`${why}. Run the command again later`, { cause: error });
      }
    }
  }
}

/** Uses an existing monitor when it is headroom's. Throws a UserError when it is not. */
async function adopt(datadog: Datadog, wanted: WantedMonitor, stored: StoredMonitor): Promise<number> {
  if (ownedKey(stored.tags) !== wanted.key) {
    throw new UserError(
      `Monitor ${stored.id} ("${stored.name}") is identical to ${wanted.key} but not managed by headroom. Delete it, or add the tags ${ownerTag} and headroom_key:${wanted.key} to it`,
    );
  }
  if (differences(wanted, stored).length > 0) await datadog.updateMonitor(stored.id, wanted);
  return stored.id;
}
