import { UserError } from '../user-error.ts';

/** One entry of a urls.json. */
export type UrlsEntry = {
  readonly code: string;
  readonly line: number;
  readonly kind: 'url' | 'file';
  readonly value: string;
};

type Token = { readonly text: string; readonly line: number };

// JSON strings may contain the control characters from DEL on unescaped, but not those below the space.
const TOKEN = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\.)*"|[^\s"{}:,]+|./gsu;

/**
 * Parses a urls.json, `{"code": {"url": "..."} | {"file": "..."}}`. Throws a UserError with line and key. Not JSON.parse,
 * whose errors name neither, and which silently drops the first of two equal keys.
 */
export function parseUrls(text: string, name: string): UrlsEntry[] {
  const tokens = tokensOf(text);
  const entries = new Map<string, UrlsEntry>();
  let ahead = tokens.next().value;
  let lastLine = 1;
  let key = '';

  const fail = (line: number, problem: string): never => {
    const where = key === '' ? '' : `, key "${key}"`;
    throw new UserError(`${name} line ${line}${where}: ${problem}. Correct the file and start again.`);
  };
  const next = (wanted: string, matches: (token: string) => boolean): Token => {
    const token = ahead;
    if (token === undefined) return fail(lastLine, `expected ${wanted} but reached the end of the file`);
    if (!matches(token.text)) return fail(token.line, `expected ${wanted} but found ${token.text.slice(0, 40)}`);
    lastLine = token.line;
    ahead = tokens.next().value;
    return token;
  };
  const take = (symbol: string): Token => next(`"${symbol}"`, (token) => token === symbol);
  const string = (wanted: string): { value: string; line: number } => {
    const token = next(wanted, (text) => text.length > 1 && text.startsWith('"') && text.endsWith('"'));
    try {
      return { value: JSON.parse(token.text), line: token.line };
    } catch {
      return fail(token.line, `${token.text.slice(0, 40)} has an invalid escape sequence`);
    }
  };

  take('{');
  while (ahead?.text !== '}') {
    key = '';
    if (entries.size > 0) take(',');
    const { value: code, line } = string('a short name in double quotes');
    key = code;
    if (entries.has(code)) fail(line, 'the key is used twice');
    take(':');
    take('{');
    const kind = string('"url" or "file"');
    if (kind.value !== 'url' && kind.value !== 'file')
      fail(kind.line, `expected "url" or "file" but found "${kind.value}"`);
    take(':');
    const { value } = string('a string in double quotes');
    take('}');
    entries.set(code, { code, line, kind: kind.value as 'url' | 'file', value });
  }
  key = '';
  take('}');
  if (ahead) fail(ahead.line, `expected the end of the file but found ${ahead.text}`);
  return [...entries.values()];
}

function* tokensOf(text: string): Generator<Token, undefined> {
  let line = 1;
  for (const [piece] of text.replace(/^\uFEFF/, '').matchAll(TOKEN)) {
    if (piece === '\n') line += 1;
    if (piece.trim() !== '') yield { text: piece, line };
  }
  return undefined;
}
