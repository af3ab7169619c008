import type { LookupAddress } from 'node:dns';
import { expect, test } from '@jest/globals';
import { lookUpOnce } from '../../engines/look-up-once.ts';

const addresses = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

function asking(answers: (() => Promise<LookupAddress[]>)[]) {
  const asked: string[] = [];
  const { lookup, answered } = lookUpOnce((hostname) => {
    asked.push(hostname);
    return (answers.shift() as () => Promise<LookupAddress[]>)();
  });
  const find = (all: boolean) =>
    new Promise((resolve) =>
      lookup('target', { all }, (error, address, family) => resolve(error ?? (all ? address : { address, family }))),
    );
  return { asked, answered, find };
}

test('sockets that are opened at once share one question, and later ones get the address that answered', async () => {
  const { asked, answered, find } = asking([async () => addresses]);
  expect(await Promise.all([find(true), find(true)])).toEqual([addresses, addresses]);
  answered('127.0.0.1');
  answered('::1');
  expect(await find(true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await find(false)).toEqual({ address: '127.0.0.1', family: 4 });
  expect(asked).toEqual(['target']);
});

test('a name that was not found is asked for again', async () => {
  const failure = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  const { asked, find } = asking([() => Promise.reject(failure), async () => addresses]);
  expect(await find(true)).toBe(failure);
  expect(await find(true)).toEqual(addresses);
  expect(asked).toHaveLength(2);
});
