// Reads an answer with our parser, with Node's own client and with undici, and says where they differ.
import { ResponseParser } from '../../engines/http/response-parser.ts';
import type { MadeUpAnswer } from './made-up-answers.ts';
import { type Read, readByNode, readByUndici, refused } from './trusted-clients.ts';

/** What the parser makes of the pieces, and the pieces up to where the answer ended. */
export function readByUs({ method, pieces }: MadeUpAnswer): { read: Read; used: Buffer[] } {
  const parser = new ResponseParser();
  parser.begin(method === 'HEAD');
  const used: Buffer[] = [];
  for (const piece of pieces) {
    const end = parser.feed(piece, 0, piece.length);
    used.push(piece.subarray(0, end));
    if (parser.complete || parser.refusal !== undefined) break;
  }
  if (!parser.complete && (parser.refusal !== undefined || !parser.close()))
    return { read: refused, used: [...pieces] };
  const { status, bodyBytes, persistent } = parser;
  return { read: { ending: 'answer', status, bodyBytes, persistent }, used };
}

/**
 * Undefined when all agree, and we use no connection again that Node would not. The clients get the answer without what follows it: Node drops a whole answer for a stray byte behind it.
 * undici is not asked where a 204 or 304 has a length: it waits for a body that such an answer never has (RFC 9110, 15.4.5).
 */
export async function difference(answer: MadeUpAnswer): Promise<{ ours: Read; node: Read; undici: Read } | undefined> {
  const { read: ours, used } = readByUs(answer);
  const node = await readByNode(answer.method, used);
  const bodiless = ours.status === 204 || ours.status === 304;
  const undici = bodiless ? node : await readByUndici(answer.method, used);
  const same = (one: Read): boolean =>
    one.ending === ours.ending && one.status === ours.status && one.bodyBytes === ours.bodyBytes;
  // Node keeps no connection for an answer behind an informational one, nor to HEAD without a length; it keeps one of 1.0 that says both.
  const asksNode = answer.method === 'GET' && !/^\s*HTTP\/\S+ 1/.test(Buffer.concat(used).toString('latin1'));
  const samePersistent = !asksNode || !ours.persistent || node.persistent === true;
  return same(node) && same(undici) && samePersistent ? undefined : { ours, node, undici };
}
