// The first screen of a page as a picture, by an installed Chromium or Chrome.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const screen = '1280,900';
const timeLimitMs = 30_000;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];

/** The path of a browser; throws when there is none. */
export function findBrowser(): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)))
    .find(isProgram);
  if (found === undefined) throw new Error(`the picture needs a Chromium or Chrome on the PATH (${names.join(', ')})`);
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent, or not executable: the search continues.
    return false;
  }
}

/** Takes a picture of `page`, 1280 by 900 pixels, into the file `picture`. */
export function takeScreenshot(browser: string, page: string, picture: string): void {
  const what = [`--window-size=${screen}`, `--screenshot=${resolve(picture)}`, pathToFileURL(resolve(page)).href];
  execFileSync(browser, [...flags, ...what], { timeout: timeLimitMs, stdio: 'ignore' });
  if (!existsSync(picture)) throw new Error(`${browser} ended without a picture of ${page}`);
}
