import { readFileSync } from 'node:fs';
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
  const { entries, problems } = parseUrls(readUrls(urlsFile), basename(urlsFile));
  const folders = [
    ...(filesFolder === undefined ? [] : [filesFolder]),
    dirname(urlsFile),
    join(dirname(urlsFile), USER_FILES),
    files.folder,
    SHIPPED_FILES,
  ];
  const createdAt = new Date().toISOString();
  const valid = entries.filter((entry) => {
    const problem = problemOf(entry);
    if (problem) problems.push({ ...entry, problem });
    return problem === undefined;
  });
  const found = await Promise.all(valid.map((entry) => locate(entry, folders, files)));
  for (const [at, { problem }] of found.entries())
    if (problem !== undefined) problems.push({ ...(valid[at] as UrlsEntry), problem });
  if (problems.length > 0 && !skipInvalid) throw invalid(basename(urlsFile), problems);
  const links: Link[] = [];
  for (const [at, { keep }] of found.entries())
    if (keep) links.push({ code: (valid[at] as UrlsEntry).code, location: await keep(), createdAt });
  await store.seed(links);
  return { links: links.length, skipped: linesOf(problems) };
}

function readUrls(urlsFile: string): string {
  try {
    return readFileSync(urlsFile, 'utf8');
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new UserError(`Cannot read the seed links (${reason}). Set URLS_FILE to a readable urls.json.`, { cause });
  }
}

function problemOf({ code, kind, value }: UrlsEntry): string | undefined {
  const target = kind === 'url' ? checkImportedUrl(value) : undefined;
  return importedCodeProblem(code) ?? (target && 'problem' in target ? target.problem : undefined);
}

type Located = { readonly keep: () => Promise<string>; readonly problem?: never } | Missing;
type Missing = { readonly problem: string; readonly keep?: never };

/** Where the link of an entry leads; a file is copied once it is kept. */
async function locate(
  { code, kind, value }: UrlsEntry,
  folders: readonly string[],
  files: FileStore,
): Promise<Located> {
  if (kind === 'url') {
    const target = checkImportedUrl(value);
    return 'problem' in target ? target : { keep: async () => target.url };
  }
  const [, exported, original] = EXPORTED.exec(value) ?? [];
  const name = basename(exported ?? value);
  for (const folder of folders) {
    const path = join(folder, name);
    if (!(await files.isFile(path))) continue;
    const named = cleanFileName(original ?? (exported === undefined ? withoutCode(name, code) : ''));
    const keep = async (): Promise<string> => {
      const stored = await files.keepSeed(code, path);
      return fileLocation({ stored, original: named === nameByCode(code, stored) ? undefined : named });
    };
    return { keep };
  }
  return { problem: `the file "${value}" was not found. Put it in the same folder, or import with --files FOLDER.` };
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
