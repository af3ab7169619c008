// How soon a browser paints the report's pages, against a page of two words under the same style sheet. The pages are those of
// reports/example, as a stress run wrote them.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';

export const claim =
  'first paint of the comparison and of a run’s own page in Chromium, each in a new window of a browser that runs: at most 2.5 times that of a page of two words (medians of 9)';

const repeats = 9;
const mostTimes = 2.5;
const empty = '<!doctype html><html lang="en"><link rel="stylesheet" href="report.css"><title>x</title><body>two words';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

async function firstPaintMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  // Reported by the browser: a page that is asked again and again until it has painted paints later.
  const protocol = await context.newCDPSession(page);
  await protocol.send('Page.enable');
  await protocol.send('Page.setLifecycleEventsEnabled', { enabled: true });
  const blankId = (await protocol.send('Page.getFrameTree')).frameTree.frame.loaderId;
  const painted = new Promise<void>((resolve) => {
    protocol.on('Page.lifecycleEvent', ({ name, loaderId }) => {
      if (name === 'firstContentfulPaint' && loaderId !== blankId) resolve();
    });
  });
  await page.goto(url, { waitUntil: 'commit' });
  await painted;
  const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  await context.close();
  if (paint === undefined) throw new Error(`${url} was not painted`);
  return paint;
}

/** Prints the medians of each page in turn. */
export async function run(): Promise<boolean> {
  const folder = new URL('../../reports/example/', import.meta.url);
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1);
    if (name === 'empty.html') return response.writeHead(200, { 'content-type': 'text/html' }).end(empty);
    const file = new URL(name, folder);
    if (!existsSync(file)) return response.writeHead(204).end();
    const type = name.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8';
    return response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const names = ['empty.html', 'index.html', 'candidate.html'];
  const found = new Map<string, number[]>(names.map((name) => [name, []]));
  try {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
    try {
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const name of names) found.get(name)?.push(await firstPaintMs(browser, `${origin}/${name}`));
      }
    } finally {
      await browser.close();
    }
  } finally {
    server.close();
  }
  let holds = true;
  let twoWordsMs = 0;
  for (const [name, times] of found) {
    times.sort((a, b) => a - b);
    const median = times[Math.floor(repeats / 2)] as number;
    if (name === 'empty.html') twoWordsMs = median;
    const ratio = median / twoWordsMs;
    process.stdout.write(
      `   ${name.padEnd(16)} ${median.toFixed(0)} ms (${times[0]?.toFixed(0)} to ${times.at(-1)?.toFixed(0)}), ${ratio.toFixed(2)} times\n`,
    );
    holds = holds && ratio <= mostTimes;
  }
  return holds;
}
