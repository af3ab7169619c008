// Carries a plan out, so that whatever is lost on the way no monitor is made twice.
import { UserError } from '../../model/user-error.ts';
import type { Datadog } from '../datadog/datadog.ts';
import { eachLimited } from '../datadog/each-limited.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { LostAnswer } from '../datadog/retrying-fetch.ts';
import { isAboutHost, ownedKey, ownerTag, type WantedMonitor } from '../spec/wanted-monitor.ts';
import { differences, typeFamily } from './differences.ts';
import type { Plan } from './plan.ts';

/** Datadog lets 500 monitors be written in 10 s; eight at once stay well below that at any latency. */
const concurrency = 8;

/** Asks Datadog about everything that will be written; throws one UserError with all refusals, before the first write. */
export async function validatePlan(datadog: Datadog, plan: Plan): Promise<void> {
  const writes = [
    ...plan.creates.map((wanted) => ({ wanted, id: undefined })),
    ...plan.updates.map(({ wanted, stored }) => ({ wanted, id: stored.id })),
  ];
  const refusals: UserError[] = [];
  await eachLimited(writes, concurrency, async ({ wanted, id }) => {
    try {
      await datadog.validateMonitor(wanted, id);
    } catch (error) {
      if (!(error instanceof UserError) || !isRefusal(error)) throw error;
      // A create that is refused as a twin was stored by an earlier apply: creating finds it.
      if (id !== undefined || twinId(error) === undefined) refusals.push(error);
    }
  });
  const [first, ...others] = refusals;
  if (!first) return;
  throw others.length === 0 ? first : new UserError(refusals.map((error) => error.message).join('\n'));
}

/** Writes the plan of one host; gives the ids of the created monitors by key. Creates come first, so that nothing is ever unwatched. */
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

/** Creates a monitor, or finds the one that a lost answer left behind. */
async function createOnce(datadog: Datadog, wanted: WantedMonitor, host: string): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await datadog.createMonitor(wanted)).id;
    } catch (error) {
      const twin = twinId(error);
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
        throw new UserError(
          `Datadog did not store the monitor "${wanted.name}" in three attempts (${error.message}): run again later`,
          {
            cause: error,
          },
        );
      }
    }
  }
}

/** Takes a monitor that was already there, when it is ours. */
async function adopt(datadog: Datadog, wanted: WantedMonitor, stored: StoredMonitor): Promise<number> {
  if (ownedKey(stored.tags) !== wanted.key) {
    throw new UserError(
      `monitor ${stored.id} ("${stored.name}") is just like ${wanted.key} and is not headroom's: delete it, or give it the tags ${ownerTag} and headroom_key:${wanted.key}`,
    );
  }
  if (differences(wanted, stored).length > 0) await datadog.updateMonitor(stored.id, wanted);
  return stored.id;
}

/** `Duplicate of an existing monitor_id:N org_id:N` is how Datadog refuses a second identical monitor. */
function twinId(error: unknown): number | undefined {
  const [, id] =
    /Duplicate of an existing monitor_id:(\d+)/.exec(error instanceof UserError ? error.message : '') ?? [];
  return id === undefined ? undefined : Number(id);
}

function isRefusal(error: UserError): boolean {
  return error.message.includes('(status 400)');
}
