// A browser, and a server that sends the pages of all fixtures as Jenkins does: under a strict policy.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { chromium, type Page } from 'playwright-core';
import { renderGallery } from '../../bench/gallery/gallery.ts';
import { makeHistory } from '../comparison/history.ts';
import { renderComparison } from '../render/comparison-html.ts';
import { renderHistory } from '../render/history-html.ts';
import { readStyleSheet } from '../render/html.ts';
import { renderRecordPage } from '../render/recorded-html.ts';
import { writeReport } from '../write.ts';
import { comparedRun, comparedTypes } from './compared-run.ts';
import { fixture, situations } from './fixture.ts';
import { madePage } from './recorded/made-page.ts';

const executablePath = '/usr/bin/chromium';
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
/** A window and a process for each page took twice the CPU time. */
const together = ['--process-per-site', '--renderer-process-limit=1'];
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** Only for what hangs: a busy machine is slow. */
const longestMs = 100_000;
const policy = "default-src 'none'; style-src 'self'; img-src 'self'";

/** A test that needs Chromium: skipped where there is none, but not in CI. */
export const inBrowser = existsSync(executablePath) || process.env.CI ? test : test.skip;

export const desktop = { width: 1280, height: 900 };
export const phone = { width: 375, height: 812 };

export type OpenedPage = {
  readonly page: Page;
  readonly origin: string;
  readonly requests: readonly string[];
  /** Console messages (policy violations are among them) and script errors. */
  readonly complaints: readonly string[];
};
export type Pages = {
  /** The page of a situation: loaded once, and open until all are closed. A test sets the window and the media that it needs. */
  readonly open: (situation: string) => Promise<OpenedPage>;
  readonly close: () => Promise<void>;
};

/** The pages that are not of one run. */
async function makePages(): Promise<Readonly<Record<string, string>>> {
  const comparisons = Object.entries(await comparedTypes());
  const builds = ['before', 'after', 'later'].map((name, build) => comparedRun({ name, times: 1 + build / 10 }));
  return {
    ...Object.fromEntries(comparisons.map(([name, comparison]) => [name, renderComparison(comparison)])),
    history: renderHistory(makeHistory(await Promise.all(builds))),
    record: renderRecordPage(madePage(3600, 14)),
    gallery: await renderGallery(),
  };
}

/** Writes all reports, serves them on the loopback, and starts the browser when there is one. */
export async function servePages(): Promise<Pages> {
  const dir = mkdtempSync(join(tmpdir(), 'headroom-page-'));
  for (const situation of situations) await writeReport(fixture(situation), join(dir, situation));
  for (const [name, html] of Object.entries(await makePages())) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'index.html'), html);
    writeFileSync(join(dir, name, 'report.css'), readStyleSheet());
  }
  const server = createServer((request, response) => {
    const path = join(dir, new URL(request.url ?? '/', 'http://localhost').pathname);
    // Browsers ask for an icon by themselves.
    if (!existsSync(path)) return response.writeHead(204).end();
    const type = path.endsWith('.css') ? 'text/css' : 'text/html; charset=utf-8';
    return response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = existsSync(executablePath)
    ? await chromium.launch({ executablePath, args: [...flags, ...quiet, ...together] })
    : undefined;
  const context = await browser?.newContext({ viewport: desktop });
  const load = async (situation: string): Promise<OpenedPage> => {
    if (!context) throw new Error(`${executablePath} is missing: run npm run test:setup`);
    const page = await context.newPage();
    page.setDefaultTimeout(longestMs);
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${origin}/${situation}/index.html`);
    return { page, origin, requests, complaints };
  };
  const opened = new Map<string, Promise<OpenedPage>>();
  return {
    open: (situation) => {
      const page = opened.get(situation) ?? load(situation);
      opened.set(situation, page);
      return page;
    },
    close: async () => {
      await browser?.close();
      server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
