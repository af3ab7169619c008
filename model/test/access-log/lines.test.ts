import { expect, test } from '@jest/globals';
import { createDecoder } from '../../access-log/lines.ts';

test('a hole of NUL bytes is dropped, also in front of text and between its pieces', () => {
  const decoder = createDecoder();
  const pieces = [
    Buffer.alloc(70_000),
    Buffer.alloc(5000),
    Buffer.from('one\n'),
    Buffer.alloc(9),
    Buffer.from('\0two\n'),
  ];
  expect(pieces.map((piece) => decoder.add(piece)).join('') + decoder.end()).toBe('one\ntwo\n');
});

test('input of NUL bytes alone comes to an end', () => {
  const decoder = createDecoder(100);
  expect(decoder.add(new Uint8Array(100))).toBe('');
  expect(() => decoder.add(new Uint8Array(9))).toThrow('the input has more than 100 NUL bytes. Give a file of text');
});
