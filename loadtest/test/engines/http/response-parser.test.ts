import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kept } from '../../../engines/http/kept.ts';
import { ResponseParser } from '../../../engines/http/response-parser.ts';
import { type MadeUpAnswer, madeUpAnswer } from '../made-up-answers.ts';
import { difference, readByUs } from '../same-answer.ts';

/** `npm run bench -- answers` draws 100,000. */
const cases = 3000;

const head = 'HTTP/1.1 200 OK\r\n';
const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n3;a="b;\\""\r\nabc\r\n0\r\nX: y\r\n\r\n`;

function parse(text: string, toHead = false): ResponseParser {
  const parser = new ResponseParser();
  parser.begin(toHead);
  const bytes = Buffer.from(text, 'latin1');
  parser.feed(bytes, 0, bytes.length);
  return parser;
}

describe('ResponseParser beside undici and Node', () => {
  test('made-up answers, right and wrong, in any pieces: same status, body length and ending', async () => {
    await fc.assert(
      fc.asyncProperty(madeUpAnswer, async (answer) => expect(await difference(answer)).toBeUndefined()),
      { seed: 20261128, numRuns: cases },
    );
  });

  test.each([
    ['a length', `${head}Content-Length: 5\r\nConnection: close\r\n\r\nhello`],
    ['chunks', chunked],
    ['no length', `${head}\r\nhello`],
    ['103 before it', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${head}Content-Length: 2\r\n\r\nok`],
  ])('an answer with %s, cut at every place and into single bytes', async (_, text) => {
    const bytes = Buffer.from(text);
    const whole = readByUs({ method: 'GET', pieces: [bytes] }).read;
    expect(whole.ending).toBe('answer');
    for (let cut = 1; cut < bytes.length; cut++) {
      const halves: MadeUpAnswer = { method: 'GET', pieces: [bytes.subarray(0, cut), bytes.subarray(cut)] };
      expect(readByUs(halves).read).toEqual(whole);
      const early: MadeUpAnswer = { method: 'GET', pieces: [bytes.subarray(0, cut)] };
      expect(await difference(early)).toBeUndefined();
    }
    const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1));
    expect(readByUs({ method: 'GET', pieces: single }).read).toEqual(whole);
  });
});

describe('ResponseParser', () => {
  test('ends with the answer, and leaves what follows it', () => {
    const parser = new ResponseParser();
    parser.begin(false);
    const bytes = Buffer.from(`${head}Content-Length: 2\r\n\r\nokHTTP/1.1 500`);
    expect(parser.feed(bytes, 0, bytes.length)).toBe(bytes.length - 12);
    expect(parser.complete).toBe(true);
  });

  test('counts the bytes of the message as they came, and those of the body', () => {
    const parser = parse(chunked);
    expect(parser.messageBytes).toBe(chunked.length);
    expect(parser.bodyBytes).toBe(3);
  });

  test.each<[boolean, string, string]>([
    [true, 'HTTP/1.1', 'Content-Length: 0'],
    [false, 'HTTP/1.1', 'Content-Length: 0\r\nConnection: x, Close'],
    [false, 'HTTP/1.0', 'Content-Length: 0'],
    [true, 'HTTP/1.0', 'Content-Length: 0\r\nConnection: Keep-Alive'],
  ])('the connection persists: %s, after %s with %s', (persistent, version, headers) => {
    expect(parse(`${version} 200 OK\r\n${headers}\r\n\r\n`)).toMatchObject({ complete: true, persistent });
  });

  test.each([
    ['Keep-Alive: timeout=5', 5],
    ['keep-alive:max=100,  Timeout=72 ', 72],
    ['Keep-Alive: timeout=', -1],
    ['Keep-Alive: timeout=5x', -1],
    ['Keep-Alive: timeout=1234567890123', -1],
    ['Keep-Alive: close', -1],
    ['Keep-Alives: timeout=5', -1],
  ])('reads how long the server keeps an idle connection: %s', (header, seconds) => {
    const parser = parse(`${head}${header}\r\nContent-Length: 0\r\n\r\n`);
    expect(parser).toMatchObject({ complete: true, persistent: true, keepAliveS: seconds });
    expect(parse(`${head}Content-Length: 0\r\n\r\n`).keepAliveS).toBe(-1);
  });

  test('refuses informational responses (1xx) that never end, which would fill the memory where heads are kept', () => {
    const parser = new ResponseParser();
    const kept = new Kept(true, 0);
    parser.begin(false, kept);
    const early = Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000));
    let pieces = 0;
    for (; parser.refusal === undefined && pieces < 1000; pieces++) parser.feed(early, 0, early.length);
    expect([parser.refusal, pieces]).toEqual(['HTTP_HEAD_TOO_LONG', 10]);
    expect(kept.heads.length).toBeLessThan(300_000);
  });

  test.each([
    ['zeros', '0'],
    ['an extension', '5;a='],
  ])('refuses the line of a chunk that is longer than 16 KiB, of %s, and takes one below', (_, begin) => {
    const chunks = (letters: number) =>
      parse(`${head}Transfer-Encoding: chunked\r\n\r\n${begin}${'0'.repeat(letters)}5\r\n`);
    expect(chunks(16_000).refusal).toBeUndefined();
    expect(chunks(17_000).refusal).toBe('HTTP_BAD_CHUNK');
  });

  test.each([
    [
      'an empty second encoding',
      'GET',
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: \r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      2,
    ],
    ['blanks around its encoding', 'GET', `${head}Transfer-Encoding:\tchunked\t\r\n\r\n2\r\nok\r\n0\r\n\r\n`, 2],
    ['a length that no number has, and no body', 'HEAD', `${head}Content-Length: 9007199254740993\r\n\r\n`, 0],
  ])('reads a response with %s', (_, method, text, bodyBytes) => {
    expect(parse(text, method === 'HEAD')).toMatchObject({ complete: true, persistent: true, bodyBytes });
  });

  test('a body that ends with its connection is complete only when that has closed', () => {
    const parser = parse(`${head}\r\nhello`);
    expect(parser.complete).toBe(false);
    expect(parser.close()).toBe(true);
    expect(parser).toMatchObject({ bodyBytes: 5, persistent: false });
    expect(parse(`${head}Content-Length: 9\r\n\r\nhello`).close()).toBe(false);
  });

  test.each([
    ['HTTP_2', '\0\0\x06\x04\0\0\0\0\0'],
    ['HTTP_TLS', '\x15\x03\x03\0\x02'],
    ['HTTP_NOT_HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP_BAD_STATUS_LINE', 'HTTP/1.1 20 OK\r\n'],
    ['HTTP_BAD_HEADER', `${head}no colon\r\n`],
    ['HTTP_TWO_LENGTHS', `${head}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`],
    ['HTTP_BAD_LENGTH', `${head}Content-Length: -1\r\n\r\n`],
    ['HTTP_BAD_LENGTH', `${head}Content-Length: 18446744073709551616\r\n\r\n`],
    ['HTTP_LENGTH_AND_CHUNKED', `${head}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n`],
    ['HTTP_BAD_CHUNK', `${head}Transfer-Encoding: chunked\r\n\r\nfour\r\n`],
    ['HTTP_UPGRADED', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['HTTP_HEAD_TOO_LONG', `${head}X: ${'x'.repeat(262_144)}`],
  ])('refuses as %s', (refusal, text) => {
    expect(parse(text)).toMatchObject({ complete: false, refusal });
  });

  test('keeps heads and the first bytes of the body for who asks, across pieces', () => {
    const parser = new ResponseParser();
    const kept = new Kept(true, 4);
    parser.begin(false, kept);
    const bytes = Buffer.from(`HTTP/1.1 103 x\r\n\r\n${head}Content-Length: 6\r\n\r\nabcdef`);
    for (let at = 0; at < bytes.length; at += 7) parser.feed(bytes, at, Math.min(bytes.length, at + 7));
    expect(kept.heads).toBe(bytes.toString().slice(0, -6));
    expect(Buffer.concat(kept.body).toString()).toBe('abcd');
    expect(parser.bodyBytes).toBe(6);
  });

  test('keeps a head that sets a cookie for who wants only those, cut at every place, and no whole one without', () => {
    const keep = (...pieces: string[]): string => {
      const parser = new ResponseParser();
      const kept = new Kept(false, 0);
      parser.begin(false, kept);
      for (const piece of pieces) parser.feed(Buffer.from(piece), 0, piece.length);
      expect(parser.complete).toBe(true);
      return kept.heads;
    };
    const own = `${head}X: y\r\nSET-cookie: a=b\r\nContent-Length: 2\r\n\r\n`;
    for (let cut = 0; cut < own.length; cut++) expect(keep(own.slice(0, cut), `${own.slice(cut)}ok`)).toBe(own);
    const without = `${head}Set-Cookie2: a=b\r\nX-Set-Cookie: a=b\r\nConnection: set-cookie\r\nContent-Length: 2\r\n\r\nok`;
    expect(keep(without)).toBe('');
  });
});
