// `--metrics node-exporter=URL`: a host by its prometheus-node-exporter, once a second.
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { figuresBetween, parseScrape, type Scrape } from './node-exporter-figures.ts';

export type NodeExporterSource = {
  /** Ends; nothing is sampled afterwards. */
  stop(): Promise<void>;
};

/** Two clocks that go on may be so far apart over an interval, beside the time that the scrapes take. */
const clocksApartMs = 100;

/** Only what is read here: all collectors together cost the host ten times as much. */
const collectors = ['cpu', 'loadavg', 'meminfo', 'time', 'uname'];

/**
 * Scrapes the exporter every `intervalS` seconds (1) and gives a line from the second scrape on. The first one happens before this
 * returns: an address that is no node exporter is a UserError. A later scrape that fails is a gap, and told to `onGap`.
 */
export async function startNodeExporterSource(options: {
  readonly url: string;
  readonly onSample: (line: HostLine) => void;
  readonly onGap?: (why: string) => void;
  readonly intervalS?: number;
}): Promise<NodeExporterSource> {
  const { onSample, onGap = () => undefined, intervalS = 1 } = options;
  const { url, scrape: first } = await firstScrape(options.url);
  const host = first.host ?? new URL(url).hostname;
  let last = { scrape: first, atMs: performance.now(), tookMs: 0 };
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();

  const sample = async () => {
    let answer: Answer;
    const beganMs = performance.now();
    try {
      answer = await get(url, Math.max(2, intervalS));
    } catch (error) {
      onGap((error as Error).message);
      return;
    }
    const scrape = answer.status === 200 ? parseScrape(answer.text) : undefined;
    if (!scrape) {
      onGap(`${url} answered with status ${answer.status}`);
      return;
    }
    const atMs = performance.now();
    const now = { scrape, atMs, tookMs: atMs - beganMs };
    const elapsedS = elapsedBetween(last, now);
    const figures = figuresBetween(last.scrape, scrape, elapsedS);
    last = now;
    if (!stopped && elapsedS > 0) {
      onSample({
        kind: 'host',
        at: new Date().toISOString(),
        source: 'node-exporter',
        host,
        intervalS: elapsedS,
        ...figures,
      });
    }
  };
  const schedule = (dueMs: number) => {
    timer = setTimeout(() => {
      running = sample().then(() => {
        // A slow scrape does not make the next ones come in a row.
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

async function firstScrape(given: string): Promise<{ url: string; scrape: Scrape }> {
  const hint = 'give the address of a prometheus-node-exporter, for example --metrics node-exporter=http://HOST:9100';
  if (!/^https?:$/.test(URL.canParse(given) ? new URL(given).protocol : '')) {
    throw new UserError(`${given} is no web address: ${hint}`);
  }
  const plain = new URL(given);
  if (plain.pathname === '/') plain.pathname = '/metrics';
  const narrow = new URL(plain);
  for (const each of collectors) narrow.searchParams.append('collect[]', each);
  // One that has a collector switched off refuses the list of collectors, and is then asked for everything.
  for (const url of [narrow.href, plain.href]) {
    let answer: Answer;
    try {
      answer = await get(url, 5);
    } catch (cause) {
      throw new UserError(`no node exporter answers at ${plain.href} (${(cause as Error).message}): ${hint}`, {
        cause,
      });
    }
    const scrape = answer.status === 200 ? parseScrape(answer.text) : undefined;
    if (scrape) return { url, scrape };
  }
  throw new UserError(`${plain.href} answers, but not as a node exporter: ${hint}`);
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

/** By the exporter's clock, which is nearer to its counters than ours, unless that was set in between. */
function elapsedBetween(before: Scraped, after: Scraped): number {
  const oursMs = after.atMs - before.atMs;
  if (before.scrape.timeS === undefined || after.scrape.timeS === undefined) return oursMs / 1000;
  const theirsMs = 1000 * (after.scrape.timeS - before.scrape.timeS);
  const apartMs = Math.abs(theirsMs - oursMs);
  return (apartMs <= clocksApartMs + before.tookMs + after.tookMs ? theirsMs : oursMs) / 1000;
}
