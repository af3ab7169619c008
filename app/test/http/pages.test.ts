import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { cleanUp } from '../app-process.ts';
import { type AppServer, startApp } from '../app-server.ts';

const executablePath = '/usr/bin/chromium';
const browserTests = existsSync(executablePath) || process.env.CI ? describe : describe.skip;

browserTests('in a browser (needs Chromium)', () => {
  let site: AppServer;
  let browser: Browser;
  beforeAll(async () => {
    site = await startApp();
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await cleanUp();
  });

  /** A page of a new visitor, who sees an error of the page as a failure of the test. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: site.url, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => {
      throw error;
    });
    await page.goto('/');
    return page;
  }
  const shorten = async (page: Page, code: string, url = 'https://example.org/') => {
    await page.getByLabel('Website address').fill(url);
    await page.getByRole('region', { name: 'Website' }).getByLabel('Short name').fill(code);
    await page.getByRole('button', { name: 'Shorten' }).click();
  };

  test('a website with a name of its own, which home lists afterwards', async () => {
    const page = await open();
    await shorten(page, 'browser');
    expect(await page.getByLabel('Short link').inputValue()).toBe(`${site.url}/browser`);
    await page.getByRole('link', { name: 'Create another one' }).click();
    expect(await page.getByRole('link', { name: `/browser` }).first().getAttribute('href')).toBe('/browser');
    await page.getByRole('link', { name: 'Visits of browser' }).click();
    await page.getByRole('button', { name: 'Remove this link' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('The link "browser" has been removed.');
    expect((await page.goto('/browser'))?.status()).toBe(404);
  });

  test('a website without a name, copied by the button', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await shorten(page, '');
    const short = await page.getByLabel('Short link').inputValue();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied to the clipboard.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(short);
  });

  test('the copy button falls back where the clipboard is not given', async () => {
    const page = await open();
    await page.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await shorten(page, '');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText(/Copied to the clipboard|Press Ctrl\+C/).waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(await page.getByLabel('Short link').inputValue());
  });

  test('a taken name says so and keeps what was typed', async () => {
    const page = await open();
    await shorten(page, 'go', 'https://example.org/kept');
    expect(await page.getByRole('alert').textContent()).toContain('"go" is already taken');
    expect(await page.getByLabel('Website address').inputValue()).toBe('https://example.org/kept');
  });

  test('an uploaded page shows as text and cannot act as the site', async () => {
    const page = await open();
    const buffer = Buffer.from('<script>document.title = "acted"</script><h1>hello</h1>');
    await page.getByLabel('File, up to').setInputFiles({ name: 'evil.html', mimeType: 'text/html', buffer });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.goto(await page.getByLabel('Short link').inputValue());
    expect(await page.title()).not.toBe('acted');
    expect(await page.locator('body').textContent()).toBe(buffer.toString());
  });

  test('everything works with scripts off', async () => {
    const page = await open({ javaScriptEnabled: false });
    await shorten(page, 'scriptless');
    expect(await page.getByLabel('Short link').inputValue()).toBe(`${site.url}/scriptless`);
    expect(await page.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false);
  });

  test('the keyboard alone creates a link', async () => {
    const page = await open();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://example.org/keys');
    await page.keyboard.press('Enter');
    await page.getByLabel('Short link').waitFor();
  });

  test.each([
    [375, 'light'],
    [375, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('at %i px in %s colours nothing sticks out and every text can be read', async (width, colorScheme) => {
    const page = await open({ viewport: { width, height: 800 }, colorScheme });
    await shorten(page, `at-${width}-${colorScheme}`, `https://example.org/${'long'.repeat(100)}`);
    const created = new URL(page.url()).pathname;
    expect(created).toBe('/your-url');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.goto('/');
    const visits = page.getByRole('link', { name: `Visits of at-${width}-${colorScheme}` });
    expect((await visits.boundingBox())?.height).toBeLessThan(24);
    for (const path of ['/', '/nothing', `/at-${width}-${colorScheme}+`]) {
      await page.goto(path);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate(`(${lowestContrast})()`)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

/** The lowest contrast (WCAG 2) between a text and what lies behind it; runs in the page. */
const lowestContrast = `() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim() !== ''));
  return Math.min(...texts.map((element) => {
    const pair = [luminance(rgb(getComputedStyle(element).color)), luminance(behind(element))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  }));
}`;
