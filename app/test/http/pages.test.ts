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
  let page: Page;
  beforeAll(async () => {
    site = await startApp();
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
    });
    page = await open();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await cleanUp();
  });

  /** A page of a new visitor. An error in the page fails the test. */
  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: site.url, ...options });
    const opened = await context.newPage();
    // Only for what hangs: a busy machine is slow.
    opened.setDefaultTimeout(100_000);
    opened.on('pageerror', (error) => {
      throw error;
    });
    await opened.goto('/');
    return opened;
  }
  const shorten = async (on: Page, code: string, url = 'https://example.org/') => {
    await on.goto('/');
    await on.getByLabel('Website URL').fill(url);
    await on.getByRole('region', { name: 'Website' }).getByLabel('Short name').fill(code);
    await on.getByRole('button', { name: 'Shorten' }).click();
  };
  const shortLink = () => page.getByLabel('Short link').textContent();

  test('a URL is shortened under a chosen name, listed on the home page, and removed', async () => {
    await shorten(page, 'browser');
    expect(await shortLink()).toBe(`${site.url}/browser`);
    await page.getByRole('link', { name: 'Create another link' }).click();
    expect(await page.getByRole('link', { name: `/browser` }).first().getAttribute('href')).toBe('/browser');
    await page.getByRole('link', { name: 'Visits of browser' }).click();
    expect(await page.getByRole('button', { name: 'Remove it for good' }).isVisible()).toBe(false);
    await page.getByText('Remove this link').click();
    await page.getByRole('button', { name: 'Remove it for good' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('The link "browser" was removed.');
    expect((await page.goto('/browser'))?.status()).toBe(404);
  });

  test('the button copies a generated link to the clipboard', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await shorten(page, '');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied to the clipboard.').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await shortLink());
    await page.context().clearPermissions();
  });

  test('without access to the clipboard the button uses the selection, and asks for the keys when that fails', async () => {
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied to the clipboard.').waitFor();
    expect(await page.evaluate('getSelection().toString()')).toBe(await shortLink());
    await page.evaluate('document.execCommand = () => false');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Press Ctrl+C or Cmd+C to copy the selected link.').waitFor();
  });

  test('a taken name is reported and the entered URL is kept', async () => {
    await shorten(page, 'go', 'https://example.org/kept');
    expect(await page.getByRole('alert').textContent()).toContain('"go" is already taken');
    expect(await page.getByLabel('Website URL').inputValue()).toBe('https://example.org/kept');
    const name = page.getByRole('region', { name: 'Website' }).getByLabel('Short name');
    expect(await name.inputValue()).toBe('go');
    expect(await page.evaluate('document.activeElement.id')).toBe('url-code');
  });

  test('an uploaded page is shown as text and cannot run as the site', async () => {
    await page.goto('/');
    const buffer = Buffer.from('<script>document.title = "acted"</script><h1>hello</h1>');
    await page.getByLabel('File, up to').setInputFiles({ name: 'evil.html', mimeType: 'text/html', buffer });
    await page.getByRole('button', { name: 'Share' }).click();
    await page.goto((await shortLink()) ?? '');
    expect(await page.title()).not.toBe('acted');
    expect(await page.locator('body').textContent()).toBe(buffer.toString());
  });

  test('the keyboard alone creates a link', async () => {
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('https://example.org/keys');
    await page.keyboard.press('Enter');
    await page.getByLabel('Short link').waitFor();
  });

  test('everything works with scripts off', async () => {
    const scriptless = await open({ javaScriptEnabled: false });
    await shorten(scriptless, 'scriptless');
    expect(await scriptless.getByLabel('Short link').textContent()).toBe(`${site.url}/scriptless`);
    expect(await scriptless.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false);
    await scriptless.context().close();
  });

  test('on a phone and a desktop, light and dark, nothing overflows and every text has contrast', async () => {
    /** Visits the variants of the page that is open. */
    const look = async (name: string) => {
      const seen: Record<string, unknown> = {};
      for (const [width, colorScheme] of [
        [375, 'light'],
        [375, 'dark'],
        [1280, 'light'],
        [1280, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        seen[`${name} ${width} ${colorScheme}`] = {
          overflows: await page.evaluate(`document.documentElement.scrollWidth > ${width}`),
          isReadable: ((await page.evaluate(`(${lowestContrast})()`)) as number) >= 4.5,
        };
      }
      return seen;
    };
    await shorten(page, 'layout', `https://example.org/${'long'.repeat(100)}`);
    let seen = await look('created');
    for (const path of ['/', '/nothing', '/layout+', '/api/docs']) {
      await page.goto(path);
      seen = { ...seen, ...(await look(path)) };
    }
    const good = { overflows: false, isReadable: true };
    expect(seen).toEqual(Object.fromEntries(Object.keys(seen).map((variant) => [variant, good])));
    await page.goto('/');
    await page.setViewportSize({ width: 375, height: 800 });
    const visits = page.getByRole('link', { name: 'Visits of layout' });
    expect((await visits.boundingBox())?.height).toBeLessThan(24);
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
