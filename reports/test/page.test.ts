// The page in a browser, as Jenkins serves it: under a strict policy, without scripts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { writeReport } from '../write.ts';
import { fixture, situations } from './fixture.ts';

const executablePath = '/usr/bin/chromium';
const inBrowser = existsSync(executablePath) || process.env.CI ? test : test.skip;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
const policy = "default-src 'none'; style-src 'self'; img-src 'self'";

let dir: string;
let server: Server;
let origin: string;
let browser: Browser | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headroom-page-'));
  for (const situation of situations) await writeReport(fixture(situation), join(dir, situation));
  server = createServer((request, response) => {
    const path = join(dir, new URL(request.url ?? '/', 'http://localhost').pathname);
    // Browsers ask for an icon by themselves.
    if (!existsSync(path)) return response.writeHead(204).end();
    const type = path.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8';
    return response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (existsSync(executablePath)) browser = await chromium.launch({ executablePath, args: [...flags, ...quiet] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function open(
  situation: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark' = 'light',
) {
  if (!browser) throw new Error(`there is no ${executablePath}: run npm run test:setup`);
  const context = await browser.newContext({ viewport, colorScheme, javaScriptEnabled: false });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${origin}/${situation}/index.html`);
  return { page, requests, complaints, close: () => context.close() };
}

describe('the page in Chromium', () => {
  for (const situation of situations) {
    inBrowser(`${situation}: asks for nothing but itself, breaks no policy, never scrolls sideways`, async () => {
      for (const viewport of [
        { width: 375, height: 812 },
        { width: 1280, height: 900 },
      ]) {
        const { page, requests, complaints, close } = await open(situation, viewport);
        expect(complaints).toEqual([]);
        expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
        expect(requests.map((url) => new URL(url).pathname).sort()).toEqual([
          `/${situation}/index.html`,
          `/${situation}/report.css`,
        ]);
        // Scripts of the page are off; the browser still answers questions about it.
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(viewport.width);
        await close();
      }
    });
  }

  inBrowser('the verdict, the saturation and its limit stand in the first screen', async () => {
    for (const viewport of [
      { width: 375, height: 812 },
      { width: 1280, height: 900 },
    ]) {
      const { page, close } = await open('complete', viewport);
      for (const selector of ['.verdict', '.facts dd >> nth=0', '.facts dd >> nth=1']) {
        const box = await page.locator(selector).boundingBox();
        expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThan(viewport.height);
      }
      await close();
    }
  });

  inBrowser('each width has its own charts, and only them', async () => {
    const wide = await open('complete', { width: 1280, height: 900 });
    expect(await wide.page.locator('svg.chart-wide:visible').count()).toBe(3);
    expect(await wide.page.locator('svg.chart-narrow:visible').count()).toBe(0);
    await wide.close();
    const narrow = await open('complete', { width: 375, height: 812 });
    expect(await narrow.page.locator('svg.chart-wide:visible').count()).toBe(0);
    expect(await narrow.page.locator('svg.chart-narrow:visible').count()).toBe(3);
    await narrow.close();
  });

  inBrowser('a dark page where the reader wants one', async () => {
    const background = async (scheme: 'light' | 'dark') => {
      const { page, close } = await open('complete', { width: 1280, height: 900 }, scheme);
      const color = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await close();
      return color;
    };
    expect(await background('light')).toBe('rgb(255, 255, 255)');
    expect(await background('dark')).toBe('rgb(20, 23, 27)');
  });
});
