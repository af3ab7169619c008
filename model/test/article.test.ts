import { expect, test } from '@jest/globals';
import { withArticle } from '../article.ts';

test.each([
  'a t2.micro',
  'an m5.large',
  'an e2-micro',
  'a B2ats_v2',
  'a c7i-flex.large',
  'an r5.large',
  'an F2s_v2',
  'a mac2.metal',
])('a type has the article of its sound: %s', (text) => {
  expect(withArticle(text.replace(/^an? /, ''))).toBe(text);
});
