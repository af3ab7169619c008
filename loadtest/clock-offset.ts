// How far this machine's clock is from the target's: shards have no other clock in common.
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 25;
/** The Date header counts whole seconds; its change has to be seen within a little more than one. */
const limitMs = 1500;

/**
 * Asks until the Date header's second changes: at that moment the target's clock shows that second exactly. Positive when this
 * machine's clock is ahead. Undefined when the target sends no Date, or its second never changed.
 */
export async function measureClockOffset(
  url: string,
): Promise<{ offsetMs: number; uncertaintyMs: number } | undefined> {
  const ask = async () => {
    const sentAt = Date.now();
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(limitMs) });
    await answer.body?.cancel();
    return { sentAt, answeredAt: Date.now(), date: Date.parse(answer.headers.get('date') ?? '') };
  };
  const until = Date.now() + limitMs;
  let before = await ask();
  while (Date.now() < until) {
    await wait(pollMs);
    const now = await ask();
    if (Number.isNaN(now.date)) return undefined;
    // The change lies between the answer before and this one.
    if (now.date > before.date) {
      return {
        offsetMs: (before.sentAt + now.answeredAt) / 2 - now.date,
        uncertaintyMs: (now.answeredAt - before.sentAt) / 2,
      };
    }
    before = now;
  }
  return undefined;
}
