// The first screen of a page as a picture, for a chat: by a Chromium that is installed, or not at all.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { UserError } from '../../model/user-error.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const screen = '1280,900';
const timeLimitMs = 30_000;

/** The path of a browser that can take pictures; a UserError says what to do when there is none. Called before anything is written. */
export function findBrowser(environment: NodeJS.ProcessEnv): string {
  const found = (environment.PATH ?? '')
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)))
    .find(isProgram);
  if (found !== undefined) return found;
  throw new UserError(
    `--png needs a Chromium or Chrome on the PATH (${names.join(', ')}): install one, or leave --png out`,
  );
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // A file that may not be run is no program: the search goes on.
    return false;
  }
}

/** Takes the picture of `page` into `picture`, 1280 by 900 pixels. */
export async function takeScreenshot(browser: string, page: string, picture: string): Promise<void> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--no-first-run'];
  const what = [`--window-size=${screen}`, `--screenshot=${resolve(picture)}`, pathToFileURL(resolve(page)).href];
  try {
    await promisify(execFile)(browser, [...flags, ...what], { timeout: timeLimitMs });
  } catch (cause) {
    throw new UserError(`${browser} took no picture of ${page}: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
  if (!existsSync(picture)) throw new UserError(`${browser} ended without a picture of ${page}`);
}
