import { expect, test } from '@jest/globals';
import { withoutSecrets } from '../../../stress/flags/without-secrets.ts';

test.each([
  ['PASSWORD=hunter2 npm run build', 'PASSWORD=*** npm run build'],
  ['{"user": "a", "password": "hunter2", "n": 1}', '{"user": "a", "password": "***", "n": 1}'],
  ['user=a&token=hunter2&n=1', 'user=a&token=***&n=1'],
  ["curl -H 'Authorization: Bearer hunter2' http://x/", "curl -H 'Authorization: Bearer ***' http://x/"],
  ['deploy --token hunter2 --api-key=hunter2', 'deploy --token *** --api-key=***'],
  ['PGPASSWORD="a b" make', 'PGPASSWORD="***" make'],
  ['{"password":"p,q"}', '{"password":"***"}'],
  ['DB_PASS=hunter2 make', 'DB_PASS=*** make'],
  ['http://app:hunter@2@db/app', 'http://app:***@db/app'],
  ['DATABASE_URL=postgres://app:hunter2@db/app ./serve', 'DATABASE_URL=postgres://app:***@db/app ./serve'],
])('%s is kept as %s', (text, kept) => {
  expect(withoutSecrets(text)).toBe(kept);
});

test.each([
  'TOKEN=$CI_TOKEN make',
  'npm run build',
  'http://127.0.0.1:8000/tokens',
  'authorize: yes',
  'http://a:$PASS@b/',
])('%s is kept as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
