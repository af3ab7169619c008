// One request to Datadog with time-out, bounded waits and retries where they are safe. The client's own retries send a POST again
// that may have been stored, wait for as long as a header says, and give up on a lost connection at once.
import { UserError } from '../../model/user-error.ts';
import type { Clock } from './clock.ts';

export type Patience = {
  readonly clock: Clock;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** All waits of one request together. */
  readonly maxWaitS: number;
  /** Told before each wait, for the user to see. */
  readonly onWait: (why: string, waitS: number) => void;
};

/** A write whose answer was lost: it may or may not have been stored. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

type Outcome =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'limited'; readonly waitS: number | undefined; readonly limit: string }
  | { readonly kind: 'failed'; readonly why: string; readonly cause?: unknown };

const maxAttempts = 5;

/**
 * A `fetch` for the client. Answers below 500 come back as they are, their body read and, for 2xx, found to be JSON. 429 is waited for
 * whatever the method, for nothing was done; lost answers, time-outs and 5xx are tried again where doing it twice is doing it once.
 * Throws a UserError when patience ends, and LostAnswer for a POST that may have been stored.
 */
export function createPatientFetch(patience: Patience): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const { host, pathname } = new URL(url);
    const method = init.method ?? 'GET';
    // Asking is always safe, and points that are sent twice are stored once.
    const safe = method !== 'POST' || pathname.endsWith('/validate') || pathname.endsWith('/series');
    let waitedS = 0;
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(url, init, patience.timeoutMs);
      if (outcome.kind === 'answer') return outcome.response;
      if (outcome.kind === 'failed' && !safe) {
        throw new LostAnswer(`${method} ${pathname}: ${outcome.why}`, { cause: outcome.cause });
      }
      // 0.5, 1, 2, 4 s, and up to half as much again so that parallel requests do not come back together.
      const backoffS = 2 ** (attempt - 2) * (1 + Math.random() / 2);
      const waitS = (outcome.kind === 'limited' ? outcome.waitS : undefined) ?? backoffS;
      const isLimited = outcome.kind === 'limited';
      if (waitedS + waitS > patience.maxWaitS || (!isLimited && attempt >= maxAttempts)) {
        throw new UserError(
          isLimited
            ? `Datadog's rate limit${outcome.limit} is used up for another ${Math.ceil(waitS)} s: run again after that`
            : `Datadog (${host}) did not answer ${method} ${pathname}: ${outcome.why}, ${attempt} times. Is the network, DD_SITE or DD_API_URL right?`,
          { cause: isLimited ? undefined : outcome.cause },
        );
      }
      patience.onWait(isLimited ? `Datadog's rate limit${outcome.limit} is used up` : outcome.why, waitS);
      await patience.clock.sleep(waitS * 1000);
      waitedS += waitS;
    }
  };
}

async function attemptOnce(url: string, init: RequestInit, timeoutMs: number): Promise<Outcome> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    text = await response.text();
  } catch (cause) {
    const { name, message, cause: inner } = cause as Error & { cause?: { code?: string } };
    return {
      kind: 'failed',
      why: name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : (inner?.code ?? message),
      cause,
    };
  }
  const { status, headers } = response;
  if (status === 429) {
    const reset = Number.parseInt(headers.get('x-ratelimit-reset') ?? '', 10);
    const name = headers.get('x-ratelimit-name');
    return {
      kind: 'limited',
      waitS: Number.isNaN(reset) ? undefined : Math.max(1, reset),
      limit: name ? ` (${name})` : '',
    };
  }
  if (status >= 500) return { kind: 'failed', why: `status ${status}` };
  if (/^\s*</.test(text)) {
    throw new UserError(
      `${new URL(url).origin} answered with a web page instead of Datadog's API: give DD_SITE (for example datadoghq.eu) or DD_API_URL the address of the API`,
    );
  }
  if (status >= 200 && status < 300 && status !== 204 && !isJson(text)) {
    return { kind: 'failed', why: text === '' ? 'an empty answer' : 'an answer that was cut off' };
  }
  // The body was read, so an answer with the same body is made; it is no longer compressed.
  const plain = new Headers(headers);
  plain.delete('content-encoding');
  plain.delete('content-length');
  return { kind: 'answer', response: new Response(status === 204 ? null : text, { status, headers: plain }) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
