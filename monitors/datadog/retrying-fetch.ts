// One request to Datadog with a timeout, bounded waits, and retries where they are safe. The client's own retries repeat a POST that may
// have been stored, wait for as long as a header says, and do not retry a lost connection.
import { UserError } from '../../model/user-error.ts';
import type { Clock } from './clock.ts';

export type RetryOptions = {
  readonly clock: Clock;
  /** Of one attempt. */
  readonly timeoutMs: number;
  /** All waits of one request together. */
  readonly maxWaitS: number;
  /** What no answer may bring into a message, an event or a file: the keys. */
  readonly secrets: readonly string[];
  /** Called before each wait, to show it to the user. */
  readonly onWait: (why: string, waitS: number) => void;
};

/** The answer to a write was lost: it may or may not have been stored. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

type Outcome =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'limited'; readonly waitS: number | undefined; readonly limit: string }
  | { readonly kind: 'failed'; readonly why: string; readonly cause?: unknown };

const maxAttempts = 5;

/**
 * A `fetch` for the client. Returns answers below 500 as they are, with a body that was read and, for 2xx, checked to be JSON. Waits and
 * retries after 429 with every method, since nothing was stored; after lost answers, timeouts and 5xx only where repeating is safe.
 * Throws a UserError when the attempts or the waits are used up, and LostAnswer for a POST that may have been stored.
 */
export function createRetryingFetch(options: RetryOptions): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const { pathname } = new URL(url);
    const method = init.method ?? 'GET';
    // Validating stores nothing, and points that are sent twice are stored once.
    const isSafe = method !== 'POST' || pathname.endsWith('/validate') || pathname.endsWith('/series');
    let waitedS = 0;
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(url, init, options);
      if (outcome.kind === 'answer') return outcome.response;
      if (outcome.kind === 'failed' && !isSafe) {
        throw new LostAnswer(`${method} ${pathname}: ${outcome.why}`, { cause: outcome.cause });
      }
      // 0.5, 1, 2, 4 s, and up to half as much again so that parallel requests do not come back together.
      const backoffS = 2 ** (attempt - 2) * (1 + Math.random() / 2);
      const waitS = (outcome.kind === 'limited' ? outcome.waitS : undefined) ?? backoffS;
      const isLast = outcome.kind === 'failed' && attempt >= maxAttempts;
      if (isLast || waitedS + waitS > options.maxWaitS) throw exhausted(url, method, outcome, attempt, waitS);
      options.onWait(
        outcome.kind === 'limited' ? `Datadog's rate limit${outcome.limit} is used up` : outcome.why,
        waitS,
      );
      await options.clock.sleep(waitS * 1000);
      waitedS += waitS;
    }
  };
}

function exhausted(
  url: string,
  method: string,
  outcome: Exclude<Outcome, { kind: 'answer' }>,
  attempts: number,
  waitS: number,
): UserError {
  if (outcome.kind === 'limited') {
    const message = `Datadog's rate limit${outcome.limit} is used up for another ${Math.ceil(waitS)} s. Run the command again after that`;
    return new UserError(message);
  }
  const { host, pathname } = new URL(url);
  return new UserError(
    `Datadog (${host}) did not answer ${method} ${pathname} in ${attempts} attempts: ${outcome.why}. Check the network, DD_SITE and DD_API_URL`,
    { cause: outcome.cause },
  );
}

async function attemptOnce(
  url: string,
  init: RequestInit,
  { timeoutMs, secrets }: Pick<RetryOptions, 'timeoutMs' | 'secrets'>,
): Promise<Outcome> {
  let response: Response;
  let text: string;
  try {
    // A redirect would take the keys to wherever it leads.
    response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    text = without(secrets, await response.text());
  } catch (cause) {
    const { name, message, cause: inner } = cause as Error & { cause?: { code?: string } };
    return {
      kind: 'failed',
      why: name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : (inner?.code ?? without(secrets, message)),
      cause,
    };
  }
  const { status, headers } = response;
  if (status === 429) {
    // A proxy in between has only the second.
    const reset = Number.parseInt(headers.get('x-ratelimit-reset') ?? headers.get('retry-after') ?? '', 10);
    const name = without(secrets, headers.get('x-ratelimit-name') ?? '');
    return {
      kind: 'limited',
      waitS: Number.isNaN(reset) ? undefined : Math.max(1, reset),
      limit: name ? ` (${name})` : '',
    };
  }
  if (status >= 500 || status === 408) return { kind: 'failed', why: `status ${status}` };
  if (status >= 300 && status < 400 && status !== 304) throw redirected(url, headers.get('location'));
  if (/^\s*</.test(text)) {
    throw new UserError(
      `${new URL(url).origin} answered with a web page instead of Datadog's API. Set DD_SITE (for example datadoghq.eu) or DD_API_URL to the address of the API`,
    );
  }
  if (status >= 200 && status < 300 && status !== 204 && !isJson(text)) {
    return { kind: 'failed', why: text === '' ? 'an empty answer' : 'an incomplete answer' };
  }
  // The body was read and decompressed, so the answer is rebuilt from it.
  const plain = new Headers(headers);
  plain.delete('content-encoding');
  plain.delete('content-length');
  return { kind: 'answer', response: new Response(status === 204 ? null : text, { status, headers: plain }) };
}

function redirected(url: string, location: string | null): UserError {
  const { origin } = new URL(url);
  const to = location !== null && URL.canParse(location, url) ? new URL(location, url).origin : 'no address';
  return new UserError(
    `${origin} redirects to ${to}, and headroom sends its keys nowhere else. Set DD_SITE (for example datadoghq.eu) or DD_API_URL to the address of the API`,
  );
}

/** The text with each secret, as it is or as a URL would write it, replaced by `***`. */
function without(secrets: readonly string[], text: string): string {
  const written = secrets.flatMap((each) => [each, encodeURIComponent(each)]);
  return written.reduce((rest, each) => rest.replaceAll(each, '***'), text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
