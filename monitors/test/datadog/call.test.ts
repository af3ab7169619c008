import { expect, test } from '@jest/globals';
import { checkAccess } from '../../datadog/access.ts';
import { createCall } from '../../datadog/call.ts';

const refusal = () => Promise.reject(Object.assign(new Error('403'), { code: 403, body: {} }));

test.each([
  ['DD_API_KEY', refusal, 'https://app.datadoghq.com/organization-settings/api-keys'],
  ['DD_APP_KEY', () => Promise.resolve(), 'https://app.datadoghq.com/organization-settings/application-keys'],
])('a refused %s is named with the page to create one', async (name, validate, page) => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), validate);
  await expect(call('the list', refusal)).rejects.toThrow(new RegExp(`^Datadog .*refused ${name}.*${page}`));
});

test.each([
  [{ errors: ['one', 'two'] }, 'one; two'],
  [{ errors: [{ status: '422', title: 'Invalid', detail: 'end is in the past' }] }, 'Invalid: end is in the past'],
  [{ errors: [{ detail: 'gone' }, 'and more'] }, 'gone; and more'],
  [{ errors: 'not a list' }, 'not a list'],
  [{ message: 'of a proxy' }, '{"message":"of a proxy"}'],
  [{ errors: [] }, '{"errors":[]}'],
  ['plain text', 'plain text'],
  ['', 'no reason given'],
  [undefined, 'no reason given'],
])('a refusal with %j gives its reason', async (body, reason) => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const refused = call('the downtime', () => Promise.reject(Object.assign(new Error('409'), { code: 409, body })));
  await expect(refused).rejects.toMatchObject({ message: `Datadog refused the downtime: ${reason} (status 409)` });
});

test('an answer that is no list is one sentence', async () => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const read = call('the list', async () => (null as unknown as string[]).map(String));
  await expect(read).rejects.toThrow(/^The answer of Datadog to the list is invalid: /);
});
