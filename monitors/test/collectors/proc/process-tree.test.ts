import { expect, test } from '@jest/globals';
import { processTree } from '../../../collectors/proc/process-tree.ts';
import { process } from '../../process.ts';

const all = [process(1), process(10, 1), process(11, 10), process(12, 11), process(20, 1)];

test('takes the roots and all below them', () => {
  expect(processTree(all, [10])).toEqual(new Set([10, 11, 12]));
});

test('leaves out a tree within the tree', () => {
  expect(processTree(all, [1], new Set([11]))).toEqual(new Set([1, 10, 20]));
});

test('a root that has ended has no tree', () => {
  expect(processTree(all, [99])).toEqual(new Set());
});
