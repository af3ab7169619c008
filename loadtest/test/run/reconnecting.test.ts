import { expect, test } from '@jest/globals';
import { loadFinding } from '../../messages.ts';

test.each([
  [100, 'after each response: 100 connections'],
  [126, 'after each response: 100 connections'],
  [200, 'after every 2.0 responses: 100 connections'],
])('100 connections for %i responses: the target closes them %s', (completed, text) => {
  expect(loadFinding('connection-per-response', { opened: 100, completed, connectUs: 1000 }).text).toContain(text);
});
