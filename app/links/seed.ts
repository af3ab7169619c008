import { constants } from 'node:buffer';
import { createReadStream, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../user-error.ts';
import { importedCodeProblem } from './code.ts';
import { cleanFileName, nameByCode } from './file-name.ts';
import type { FileStore } from './file-store.ts';
import { fileLocation, type Link } from './link.ts';
import type { LinkStore } from './store.ts';
import { checkImportedUrl } from './target-url.ts';
import { parseUrls, type UrlsEntry, type UrlsProblem } from './urls-file.ts';

// Files of the seed links that headroom ships.
const SHIPPED_FILES = join(import.meta.dirname, 'seed');
// Where the predecessor has its files, beside its urls.json.
const USER_FILES = join('static', 'user_files');
/** A file as an export names it: the stored name and, if it is known, the original one. */
const EXPORTED = /^(~?[\w-]+\.(?:seed|[\w-]{21})\.[a-z]+)(?:\/([^/]+))?$/;

interface SeedOptions {
  /** A folder to look for files in first. */
  readonly filesFolder?: string | undefined;
  /** Leave out entries that are invalid; without it they prevent the import. */
  readonly skipInvalid?: boolean;
}

/** How many links were added or were there already, and one line for each entry that was left out. */
interface Seeded {
  readonly links: number;
  readonly skipped: readonly string[];
}

/** Adds the links of a urls.json to the store. Throws a UserError with everything that has to be corrected. */
export async function seedStore(
  store: LinkStore,
  files: FileStore,
  urlsFile: string,
  { filesFolder, skipInvalid = false }: SeedOptions = {},
): Promise<Seeded> {
  const { entries, problems } = parseUrls(await readUrls(urlsFile), basename(urlsFile));
  const folders = [
    ...(filesFolder === undefined ? [] : [filesFolder]),
    dirname(urlsFile),
    join(dirname(urlsFile), USER_FILES),
    files.folder,
    SHIPPED_FILES,
  ];
  const accepted: (UrlsEntry & { readonly target: Target })[] = [];
  for (const entry of entries) {
    const target = entry.kind === 'url' ? checkImportedUrl(entry.value) : await findFile(entry, folders, files);
    const problem = importedCodeProblem(entry.code) ?? ('problem' in target ? target.problem : undefined);
    if (problem) problems.push({ ...entry, problem });
    else if (!('problem' in target)) accepted.push({ ...entry, target });
  }
  if (problems.length > 0 && !skipInvalid) throw invalid(basename(urlsFile), problems);
  const createdAt = new Date().toISOString();
  const links: Link[] = [];
  for (const { code, target } of accepted) {
    const location = 'url' in target ? target.url : await keep(files, code, target);
    links.push({ code, location, createdAt });
  }
  await store.seed(links);
  return { links: links.length, skipped: linesOf(problems) };
}

async function readUrls(urlsFile: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let { size } = statSync(urlsFile, { throwIfNoEntry: false }) ?? { size: 0 };
  let length = 0;
  try {
    for await (const piece of createReadStream(urlsFile) as AsyncIterable<Uint8Array>) {
      length += piece.length;
      // A device has no size, and may have no end.
      size = Math.max(size, length);
      if (size > constants.MAX_STRING_LENGTH) {
        const limit = `${Math.floor(constants.MAX_STRING_LENGTH / 1e6)} MB`;
        throw new UserError(`${urlsFile} is larger than ${limit}. Split it, and import its parts.`);
      }
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const reason = (cause as Error).message;
    throw new UserError(
      `Cannot read the links (${reason}). Give import, or URLS_FILE at the start, a readable urls.json.`,
      { cause },
    );
  }
}

interface FoundFile {
  readonly path: string;
  readonly original?: string | undefined;
}

type Target = { readonly url: string } | FoundFile;

async function findFile(
  { code, value }: UrlsEntry,
  folders: readonly string[],
  files: FileStore,
): Promise<FoundFile | { readonly problem: string }> {
  const [, exported, original] = EXPORTED.exec(value) ?? [];
  const name = basename(exported ?? value);
  for (const folder of folders) {
    const path = join(folder, name);
    if (!(await files.isFile(path))) continue;
    return { path, original: cleanFileName(original ?? (exported === undefined ? withoutCode(name, code) : '')) };
  }
  return {
    problem: `the file "${value}" was not found, or is a symbolic link. Put it in the same folder, or import with --files FOLDER.`,
  };
}

/** Copies a file and returns its location. */
async function keep(files: FileStore, code: string, { path, original }: FoundFile): Promise<string> {
  const stored = await files.keepSeed(code, path);
  return fileLocation({ stored, original: original === nameByCode(code, stored) ? undefined : original });
}

/** The predecessor put the code before the name of a file. */
function withoutCode(name: string, code: string): string {
  const rest = name.startsWith(code) ? name.slice(code.length) : '';
  return /^[^.]/.test(rest) ? rest : name;
}

function invalid(name: string, problems: readonly UrlsProblem[]): UserError {
  const lines = linesOf(problems);
  if (lines.length === 1) return new UserError(`${name} ${lines[0]}`);
  return new UserError(
    `${name} has ${lines.length} invalid entries, so no link was added:\n  ${lines.join('\n  ')}\n` +
      'Correct them, or import the other links with --skip-invalid.',
  );
}

function linesOf(problems: readonly UrlsProblem[]): string[] {
  return [...problems]
    .sort((a, b) => a.line - b.line)
    .map(({ line, code, problem }) => `line ${line}, key "${code}": ${problem}${problem.endsWith('.') ? '' : '.'}`);
}
