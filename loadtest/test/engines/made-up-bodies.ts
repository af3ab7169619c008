// The bodies of made-up answers, framed right and wrong.
import fc from 'fast-check';

export const pick = <T>(...values: T[]) => fc.constantFrom(...values);
/** The usual four times in five. */
export const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, odd);

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

/** The headers that announce a body, and the body. */
export const framedBody = fc.oneof(sized, chunked, oddlyFramed);
