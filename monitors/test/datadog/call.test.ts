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
  ['Unknown API Status Code!\nBody: "{"errors":["Too many hosts"]}"', 'Too many hosts'],
  ['Unknown API Status Code!\nBody: "of a proxy"', 'of a proxy'],
  ['Unknown API Status Code!\nBody: ""', 'no reason given'],
  ['plain text', 'plain text'],
  ['', 'no reason given'],
  [undefined, 'no reason given'],
])('a refusal with %j gives its reason', async (body, reason) => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const refused = call('the downtime', () => Promise.reject(Object.assign(new Error('409'), { code: 409, body })));
  await expect(refused).rejects.toMatchObject({ message: `Datadog refused the downtime: ${reason} (status 409)` });
});

test.each([
  [{ errors: ['Forbidden'] }, /organization-settings\/application-keys$/],
  [{}, /organization-settings\/application-keys$/],
  [{ errors: ['This monitor is restricted to the role Ops'] }, / Datadog's reason: This monitor is restricted to the role Ops$/], // biome-ignore format: short
])('a forbidden change with %j', async (body, end) => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const refused = call('the monitor', () => Promise.reject(Object.assign(new Error('403'), { code: 403, body })));
  await expect(refused).rejects.toThrow(end);
});

test('what was deleted in between says to run the command again', async () => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const body = { errors: ['Monitor not found'] };
  const refused = call('the monitor', () => Promise.reject(Object.assign(new Error('404'), { code: 404, body })));
  await expect(refused).rejects.toThrow(/Monitor not found \(status 404\)\. It was deleted .* run the command again$/);
});

test('an answer that is no list is one sentence', async () => {
  const call = createCall(checkAccess({ apiKey: 'placeholder', appKey: 'placeholder' }), async () => undefined);
  const read = call('the list', async () => (null as unknown as string[]).map(String));
  await expect(read).rejects.toThrow(/^The answer of Datadog to the list is invalid: /);
});
