// Answers right and wrong in every way that an answer has, cut into pieces at any place. Seeded by who draws them.
import fc from 'fast-check';
import { framedBody, often, pick } from './made-up-bodies.ts';

export type MadeUpAnswer = { readonly method: 'GET' | 'HEAD'; readonly pieces: readonly Buffer[] };

const statusLine = often(
  pick('HTTP/1.1 200 OK', 'HTTP/1.1 204 No Content', 'HTTP/1.1 304 Not Modified', 'HTTP/1.0 200 OK', 'HTTP/1.1 404'),
  pick(
    'HTTP/2.0 200 OK',
    'HTTP/0.9 200 x',
    'HTTP/1.2 200 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 20 OK',
    'HTTP/1.1  200 OK',
    'HTTP/1.1 205 Reset Content',
    'HTTP/1.1 200\tOK',
    'HTTP/1.1 200 ',
    'HTTP/11 200 OK',
    'HTTP/1.01 200 OK',
    'http/1.1 200 OK',
    'HTTP/1.1 099 x',
    'ICY 200 OK',
    '',
    '\r\nHTTP/1.1 500 \xff',
  ),
);

const before = often(
  fc.constant(''),
  pick(
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
    'HTTP/1.1 102 Processing\r\n\r\n',
    '\r\n',
    'HTTP/1.1 103 x\r\nContent-Length: 4\r\n\r\n',
    'HTTP/1.1 103 x\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 103 x\r\n\r\nHTTP/1.1 102 y\r\n\r\n',
  ),
);

const header = often(
  pick(
    'Server: x',
    'Connection: close',
    'Connection: keep-alive',
    'connection: Keep-Alive, x',
    'X-Empty:',
    'X: \t a \xff b',
    'Set-Cookie: a=b; c',
    'Connection: Upgrade\r\nUpgrade: h2,h2c',
    'Keep-Alive: timeout=5, max=100',
  ),
  pick(
    ' folded: x',
    'No colon',
    'X : y',
    ': none',
    'X: a\x01b',
    'X\xff: y',
    'Content-Lengt: 3',
    'Content-Lengthh: 3',
    'Connection: close close',
    'Connection: keep-alive, close',
    'Connection: "close"',
    'Connection:,close,',
    'Connection: close;x',
    'Connection:',
    'Content-Length : 3',
    'X:\ny',
    'X: a\n b',
    '\tfolded: x',
    'Upgrade: h2c',
  ),
);

/** As servers end lines that do not know better. */
const lineEnds = fc.oneof({ weight: 40, arbitrary: fc.constant('\r\n') }, pick('\n', '\r'));

const message = fc
  .tuple(before, statusLine, fc.array(header, { maxLength: 3 }), framedBody, fc.nat(3), lineEnds)
  .map(
    ([first, line, headers, { headers: framing, text }, place, end]) =>
      `${first}${[line, ...headers.toSpliced(place, 0, ...framing)].join(end)}${end}${end}${text}`,
  );

/** One byte changed, left out or put in, at a place given as a share of the whole. */
type Flaw = { readonly at: number; readonly remove: number; readonly insert: string };
const flaw: fc.Arbitrary<Flaw> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(1),
  insert: fc.oneof(
    fc.constant(''),
    pick('\r', '\n', ' ', ':', ';', '0', '\0', '\xff', ','),
    fc.string({ maxLength: 1, unit: 'binary-ascii' }),
  ),
});

/** Draws whole answers, flawed ones, and ones that end too early, each in up to five pieces. */
export const madeUpAnswer: fc.Arbitrary<MadeUpAnswer> = fc
  .record({
    method: often<'GET' | 'HEAD'>(fc.constant('GET'), fc.constant('HEAD')),
    text: message,
    flaws: often(fc.constant<Flaw[]>([]), fc.array(flaw, { minLength: 1, maxLength: 2 })),
    length: often(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
  })
  .map(({ method, text, flaws, length, cuts }) => {
    const flawed = flaws.reduce((whole, { at, remove, insert }) => {
      const place = Math.floor(at * whole.length);
      return `${whole.slice(0, place)}${insert}${whole.slice(place + remove)}`;
    }, text);
    const bytes = Buffer.from(flawed.slice(0, Math.round(length * flawed.length)), 'latin1');
    const places = [...new Set([0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length])].sort(
      (a, b) => a - b,
    );
    return { method, pieces: places.slice(1).map((end, index) => bytes.subarray(places[index], end)) };
  });
