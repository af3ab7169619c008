// How far this machine's clock is from the target's: shards have no other clock in common.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 25;
/** The Date header counts whole seconds; its change has to be seen within a little more than one. */
const limitMs = 1500;

type ClockOffset = { readonly offsetMs: number; readonly uncertaintyMs: number };

/**
 * Asks until the Date header's second changes: at that moment the target's clock shows that second exactly. Positive when this
 * machine's clock is ahead. `missing` says why there is none: the target sends no Date, is too slow, or fails.
 */
export async function measureClockOffset(
  url: URL,
  insecure: boolean,
): Promise<{ readonly clock: ClockOffset } | { readonly missing: string }> {
  try {
    const until = Date.now() + limitMs;
    let before = await ask(url, insecure);
    while (Date.now() < until) {
      await wait(pollMs);
      const now = await ask(url, insecure);
      if (Number.isNaN(now.date)) return { missing: 'it sends no Date header' };
      // The change lies between the answer before and this one.
      if (now.date > before.date) {
        const offsetMs = (before.sentAt + now.answeredAt) / 2 - now.date;
        return { clock: { offsetMs, uncertaintyMs: (now.answeredAt - before.sentAt) / 2 } };
      }
      before = now;
    }
    return { missing: 'the second in its Date header did not change' };
  } catch (error) {
    const { name, code, message } = error as NodeJS.ErrnoException;
    if (name === 'TimeoutError' || name === 'AbortError')
      return { missing: `it took longer than ${limitMs / 1000} s to answer` };
    return { missing: code ?? message };
  }
}

function ask(url: URL, insecure: boolean): Promise<{ sentAt: number; answeredAt: number; date: number }> {
  const sentAt = Date.now();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      signal: AbortSignal.timeout(limitMs),
      ...(url.protocol === 'https:' && { rejectUnauthorized: !insecure }),
    });
    request.on('response', (answer) => {
      resolve({ sentAt, answeredAt: Date.now(), date: Date.parse(answer.headers.date ?? '') });
      answer.destroy();
    });
    request.on('error', reject);
    // After a 101 there is neither an answer nor an error.
    request.on('close', () => reject(new Error('it closed the connection without an answer')));
    request.end();
  });
}
