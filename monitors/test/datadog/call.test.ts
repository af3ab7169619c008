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
