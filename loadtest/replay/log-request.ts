// The request line of a log -> method and path as they go to the target.

type LogRequest = { readonly method: string; readonly path: string };

/** Characters; servers refuse longer request lines (Node.js and nginx: 16 and 8 KiB). */
const longestPath = 16 * 1024;
/** May stand in a request line, and in no escape of a log; a fragment is not sent. */
const plain = /^[!$-[\]-~]*$/;

/** Reads `GET /a?b HTTP/1.1`. The host of a whole URL is left out: a replay goes to its target alone. `malformed` for what is no request. */
export function readRequest(text: string): LogRequest | 'malformed' | 'too-long' {
  const first = text.indexOf(' ');
  const version = text.lastIndexOf(' HTTP/');
  const method = text.slice(0, first);
  if (method !== 'GET' && !/^[A-Z][A-Z-]{1,19}$/.test(method)) return 'malformed';
  const raw = text.slice(first + 1, version > first ? version : undefined).trim();
  if (raw.length > longestPath) return 'too-long';
  const isPlain = plain.test(raw);
  // Bytes that are no UTF-8: which they were is lost.
  if (!isPlain && raw.includes('\uFFFD')) return 'malformed';
  const path = isPlain ? raw : encode(raw);
  if (path.startsWith('/')) return { method, path };
  const [, rest] = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*(.*)$/i.exec(path) ?? [];
  if (rest === undefined) return 'malformed';
  return { method, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** nginx and Apache write bytes as \xHH, and \" and \\; a browser sends what is not ASCII in percent. */
function encode(raw: string): string {
  const unescaped = raw.replace(/\\x([0-9a-fA-F]{2})/g, '%$1').replace(/\\(["\\])/g, '$1');
  return unescaped.replace(/#.*$/, '').replace(/[^!$-[\]-~]/gu, (each) => encodeCharacter(each));
}

function encodeCharacter(each: string): string {
  return [...Buffer.from(each)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
