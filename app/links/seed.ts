import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../user-error.ts';
import { codeProblem } from './code.ts';
import type { FileStore } from './file-store.ts';
import { fileLocation, type Link } from './link.ts';
import type { LinkStore } from './store.ts';
import { checkTargetUrl } from './target-url.ts';
import { parseUrls, type UrlsEntry } from './urls-file.ts';

// Files of the seed links that headroom ships. Another urls.json has its files next to it.
const SHIPPED_FILES = join(import.meta.dirname, 'seed');

/** Adds the links of a urls.json to the store. Throws a UserError that names the line to correct. */
export async function seedStore(store: LinkStore, files: FileStore, urlsFile: string): Promise<void> {
  const name = basename(urlsFile);
  const createdAt = new Date().toISOString();
  const links: Link[] = [];
  for (const entry of parseUrls(readUrls(urlsFile), name)) {
    const problem = codeProblem(entry.code);
    if (problem) throw seedError(name, entry, problem);
    const location = entry.kind === 'url' ? urlOf(entry, name) : await storeFile(entry, files, urlsFile);
    links.push({ code: entry.code, location, createdAt });
  }
  await store.seed(links);
}

function readUrls(urlsFile: string): string {
  try {
    return readFileSync(urlsFile, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new UserError(`Cannot read the seed links (${reason}). Set URLS_FILE to a readable urls.json.`, { cause });
  }
}

function urlOf(entry: UrlsEntry, name: string): string {
  const target = checkTargetUrl(entry.value);
  if ('problem' in target) throw seedError(name, entry, target.problem);
  return target.url;
}

async function storeFile(entry: UrlsEntry, files: FileStore, urlsFile: string): Promise<string> {
  for (const folder of [dirname(urlsFile), SHIPPED_FILES]) {
    const stored = await files.keepSeed(entry.code, join(folder, basename(entry.value)));
    if (stored) return fileLocation(stored);
  }
  throw seedError(basename(urlsFile), entry, `the file "${entry.value}" was not found. Put it in the same folder.`);
}

function seedError(file: string, entry: UrlsEntry, problem: string): UserError {
  return new UserError(`${file} line ${entry.line}, key "${entry.code}": ${problem}`);
}
