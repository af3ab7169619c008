// Answers right and wrong in every way that an answer has, cut into pieces at any place. Seeded by who draws them.
import fc from 'fast-check';

export type MadeUpAnswer = { readonly method: 'GET' | 'HEAD'; readonly pieces: readonly Buffer[] };

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: usual }, odd);

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

/** What announces the body, and the body. */
const body = fc.string({ maxLength: 40, unit: 'binary-ascii' });
const sized = fc.tuple(body, often(fc.constant(0), fc.integer({ min: -3, max: 3 }))).map(([text, off]) => ({
  headers: [`Content-Length: ${text.length + off}`],
  text,
}));
const size = fc.tuple(
  fc.integer({ min: 1, max: 20 }),
  pick('', '', '', '0', '000'),
  often(
    fc.constant(''),
    pick(
      '\t',
      'h',
      ';a =b',
      ';a= b',
      ';a="b"c',
      ';a="b";',
      ';a=b=c',
      ';a;;b',
      ';\xff',
      ';a',
      ';a=b',
      ';a="b c"',
      ';',
      '; a',
      ' ',
      ';=',
      ';a="b',
      ';a=b;c="\\""',
    ),
  ),
);
const chunked = fc
  .tuple(
    fc.array(size, { maxLength: 4 }),
    often(
      fc.constant(''),
      pick(
        'X: y\r\n',
        'Content-Length: 2\r\n',
        'bad\r\n',
        'Transfer-Encoding: gzip\r\n',
        'Connection: close\r\n',
        ' folded: x\r\n',
        'X : y\r\n',
      ),
    ),
    often(fc.constant('0'), pick('00', '0;a', '0 ', '-0', '0x0')),
  )
  .map(([chunks, trailers, last]) => ({
    headers: ['Transfer-Encoding: chunked'],
    text: `${chunks.map(([length, zeros, extension]) => `${zeros}${length.toString(16)}${extension}\r\n${'x'.repeat(length)}\r\n`).join('')}${last}\r\n${trailers}\r\n`,
  }));
const oddlyFramed = fc.record({
  headers: fc.array(
    pick(
      'Content-Length: 2',
      'content-length:5 ',
      'Content-Length: 0x2',
      'Content-Length: 2,2',
      'Content-Length:',
      'Transfer-Encoding: chunked',
      'Transfer-Encoding: gzip',
      'Transfer-Encoding: gzip,  Chunked ',
      'Transfer-Encoding: chunked, x',
      'Transfer-Encoding: chun ked',
      'Transfer-Encoding: identity',
      'Transfer-Encoding: chunked,',
      'Transfer-Encoding: ,chunked',
      'Transfer-Encoding: chunked;q=1',
      'Transfer-Encoding: "chunked"',
      'Transfer-Encoding: chunked, chunked',
      'Transfer-Encoding: xchunked',
      'Content-Length: +2',
      'Content-Length: 2 2',
      'Content-Length:\t2 ',
      'Content-Length: 0002',
      'Content-Length: 2;',
      'Content-Length: 9007199254740993',
      'Content-Length: 18446744073709551617',
    ),
    { maxLength: 3 },
  ),
  text: fc.oneof(body, pick('2\r\nok\r\n0\r\n\r\n', 'ok', '')),
});

/** As servers end lines that do not know better. */
const lineEnds = fc.oneof({ weight: 40, arbitrary: fc.constant('\r\n') }, pick('\n', '\r'));

const message = fc
  .tuple(
    before,
    statusLine,
    fc.array(header, { maxLength: 3 }),
    fc.oneof(sized, chunked, oddlyFramed),
    fc.nat(3),
    lineEnds,
  )
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
