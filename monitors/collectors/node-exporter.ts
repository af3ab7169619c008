// `--metrics node-exporter=URL`: samples a host once a second through its Prometheus node_exporter.
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { figuresBetween, parseScrape, type Scrape } from './node-exporter-figures.ts';

/** How much two clocks may differ over an interval, besides the time that the scrapes take. */
const clocksApartMs = 100;

/** Only the collectors that are read here: all of them cost the host ten times as much. */
const collectors = ['cpu', 'loadavg', 'meminfo', 'time', 'uname'];

/**
 * Scrapes the exporter every `intervalS` seconds (1) and gives a line from the second scrape on. Resolves after the first scrape;
 * throws a UserError when the address is not a node_exporter. A later scrape that fails is a gap and calls `onGap` with the cause.
 */
export async function startNodeExporterSource(options: {
  readonly url: string;
  readonly onSample: (line: HostLine) => void;
  readonly onGap?: (why: string) => void;
  readonly intervalS?: number;
}): Promise<{ stop(): Promise<void> }> {
  const { onSample, onGap = () => undefined, intervalS = 1 } = options;
  const { url, scrape: first } = await firstScrape(options.url);
  const host = first.host ?? new URL(url).hostname;
  let last: Scraped = { scrape: first, atMs: performance.now(), tookMs: 0 };
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const sample = async () => {
    const now = await scrapeOnce(url, intervalS).catch((error: Error) => error);
    if (now instanceof Error) {
      onGap(now.message);
      return;
    }
    const elapsedS = elapsedBetween(last, now);
    const figures = figuresBetween(last.scrape, now.scrape, elapsedS);
    last = now;
    if (stopped || elapsedS <= 0) return;
    const at = new Date().toISOString();
    onSample({ kind: 'host', at, source: 'node-exporter', host, intervalS: elapsedS, ...figures });
  };
  const schedule = (dueMs: number) => {
    timer = setTimeout(() => {
      running = sample().then(() => {
        // After a slow scrape the missed ones are not made up for.
        if (!stopped) schedule(Math.max(dueMs + intervalS * 1000, performance.now()));
      });
    }, dueMs - performance.now());
    timer.unref();
  };
  schedule(last.atMs + intervalS * 1000);
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** One later scrape. Throws an Error that says why it failed. */
async function scrapeOnce(url: string, intervalS: number): Promise<Scraped> {
  const beganMs = performance.now();
  const { status, text } = await get(url, Math.max(2, intervalS));
  const scrape = status === 200 ? parseScrape(text) : undefined;
  if (!scrape) throw new Error(`${url} answered with status ${status}`);
  const atMs = performance.now();
  return { scrape, atMs, tookMs: atMs - beganMs };
}

async function firstScrape(given: string): Promise<{ url: string; scrape: Scrape }> {
  const hint = 'Use the address of a Prometheus node_exporter, for example --metrics node-exporter=http://HOST:9100';
  if (!/^https?:$/.test(URL.canParse(given) ? new URL(given).protocol : '')) {
    throw new UserError(`'${given}' is not a web address. ${hint}`);
  }
  const plain = new URL(given);
  if (plain.pathname === '/') plain.pathname = '/metrics';
  const narrow = new URL(plain);
  for (const each of collectors) narrow.searchParams.append('collect[]', each);
  // An exporter without one of the collectors refuses the list, and is then asked for everything.
  for (const url of [narrow.href, plain.href]) {
    let answer: Answer;
    try {
      answer = await get(url, 5);
    } catch (cause) {
      throw new UserError(`No node_exporter answers at ${plain.href} (${(cause as Error).message}). ${hint}`, {
        cause,
      });
    }
    const scrape = answer.status === 200 ? parseScrape(answer.text) : undefined;
    if (scrape) return { url, scrape };
  }
  throw new UserError(`${plain.href} answers, but is not a node_exporter. ${hint}`);
}

type Answer = { readonly status: number; readonly text: string };

async function get(url: string, timeoutS: number): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutS * 1000) });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const { name, message, cause: inner } = cause as Error & { cause?: { code?: string } };
    throw new Error(name === 'TimeoutError' ? `no answer in ${timeoutS} s` : (inner?.code ?? message), { cause });
  }
}

type Scraped = { readonly scrape: Scrape; readonly atMs: number; readonly tookMs: number };

/** Seconds by the exporter's clock, which is closer to its counters than ours, unless it was set in between. */
function elapsedBetween(before: Scraped, after: Scraped): number {
  const oursMs = after.atMs - before.atMs;
  if (before.scrape.timeS === undefined || after.scrape.timeS === undefined) return oursMs / 1000;
  const theirsMs = 1000 * (after.scrape.timeS - before.scrape.timeS);
  const apartMs = Math.abs(theirsMs - oursMs);
  return (apartMs <= clocksApartMs + before.tookMs + after.tookMs ? theirsMs : oursMs) / 1000;
}
