import { expect, test } from '@jest/globals';
import { mergeTags, tagValue, unifiedTags } from '../../datadog/service-tags.ts';

test("the tags are those of Datadog's own variables, which come before DD_TAGS", () => {
  const DD_TAGS = 'team:web, env:of-tags cost:7';
  expect(unifiedTags({ DD_SERVICE: 'shop', DD_ENV: 'prod', DD_VERSION: '1.2', DD_TAGS })).toEqual([
    'team:web',
    'cost:7',
    'service:shop',
    'env:prod',
    'version:1.2',
  ]);
  expect(unifiedTags({ DD_SERVICE: '' })).toEqual([]);
});

test('a later tag takes the place of one with its key', () => {
  const tags = mergeTags(['env:prod', 'urgent'], ['env:staging']);
  expect(tags).toEqual(['urgent', 'env:staging']);
  expect([tagValue(tags, 'env'), tagValue(tags, 'team')]).toEqual(['staging', undefined]);
});
