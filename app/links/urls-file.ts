import { UserError } from '../user-error.ts';

/** One entry of a urls.json. */
export type UrlsEntry = {
  readonly code: string;
  readonly line: number;
  readonly kind: 'url' | 'file';
  readonly value: string;
};

/** What is wrong with one entry. */
export interface UrlsProblem {
  readonly code: string;
  readonly line: number;
  readonly problem: string;
}

type Token = { readonly text: string; readonly line: number };

// JSON strings may contain the control characters from DEL on unescaped, but not those below the space.
const TOKEN = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\.)*"|[^\s"{}:,]+|./gsu;

/** A problem of the entry that is being read; those after it can still be read. */
class EntryError extends Error {
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}

/**
 * Parses a urls.json, `{"code": {"url": "..."} | {"file": "..."}}`, and returns what is wrong with its entries too. Throws a
 * UserError with the line when the file is no JSON object. Not JSON.parse, whose errors name neither line nor key, and which
 * silently drops the first of two equal keys.
 */
export function parseUrls(text: string, name: string): { entries: UrlsEntry[]; problems: UrlsProblem[] } {
  const { next, take, string, skipValue, ahead } = readTokens(text);
  const entries = new Map<string, UrlsEntry>();
  const problems: UrlsProblem[] = [];
  let key = '';

  const entry = (): void => {
    const { value: code, line } = string('a short name in double quotes');
    key = code;
    take(':');
    if (entries.has(code)) throw new EntryError(line, 'the key is used twice');
    take('{');
    const kind = string('"url" or "file"');
    if (kind.value !== 'url' && kind.value !== 'file')
      throw new EntryError(kind.line, `expected "url" or "file" but found "${kind.value}"`);
    take(':');
    const { value } = string('a string in double quotes');
    take('}');
    entries.set(code, { code, line, kind: kind.value, value });
  };

  try {
    take('{');
    for (let first = true; ahead() !== '}'; first = false) {
      key = '';
      if (!first) take(',');
      try {
        entry();
      } catch (error) {
        // Without a key, it is not known where the next entry begins.
        if (!(error instanceof EntryError) || key === '' || !skipValue()) throw error;
        problems.push({ code: key, line: error.line, problem: error.message });
      }
    }
    key = '';
    take('}');
    if (ahead() !== undefined) next('the end of the file', () => false);
  } catch (error) {
    if (!(error instanceof EntryError)) throw error;
    const where = key === '' ? '' : `, key "${key}"`;
    throw new UserError(
      `${name} line ${error.line}${where}: ${error.message}. Correct the file, and repeat the command.`,
    );
  }
  return { entries: [...entries.values()], problems };
}

/** Reads the tokens one by one. What does not match throws an EntryError. */
function readTokens(text: string) {
  const tokens = tokensOf(text);
  let ahead = tokens.next().value;
  let lastLine = 1;
  let depth = 0;

  const advance = (token: Token): void => {
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    lastLine = token.line;
    ahead = tokens.next().value;
  };
  const next = (wanted: string, matches: (token: string) => boolean): Token => {
    const token = ahead;
    if (token === undefined) throw new EntryError(lastLine, `expected ${wanted} but reached the end of the file`);
    if (!matches(token.text))
      throw new EntryError(token.line, `expected ${wanted} but found ${token.text.slice(0, 40)}`);
    advance(token);
    return token;
  };
  return {
    next,
    take: (symbol: string): Token => next(`"${symbol}"`, (token) => token === symbol),
    string(wanted: string): { value: string; line: number } {
      const token = next(wanted, (text) => text.length > 1 && text.startsWith('"') && text.endsWith('"'));
      try {
        return { value: JSON.parse(token.text), line: token.line };
      } catch {
        throw new EntryError(token.line, `${token.text.slice(0, 40)} has an invalid escape sequence`);
      }
    },
    /** Skips the rest of an entry; false when it has no end. */
    skipValue(): boolean {
      while (ahead && !(depth === 1 && (ahead.text === ',' || ahead.text === '}'))) advance(ahead);
      return ahead !== undefined;
    },
    ahead: (): string | undefined => ahead?.text,
  };
}

function* tokensOf(text: string): Generator<Token, undefined> {
  let line = 1;
  for (const [piece] of text.replace(/^\uFEFF/, '').matchAll(TOKEN)) {
    if (piece === '\n') line += 1;
    if (piece.trim() !== '') yield { text: piece, line };
  }
  return undefined;
}
