import { expect, test } from '@jest/globals';
import { givenEnvironment, ownEnvironment, takeEnvironment, withheldNames } from '../../cli/environment.ts';

const secret = {
  DD_API_KEY: 'placeholder',
  DD_APP_KEY: 'placeholder',
  DD_AGENT_HOST: 'agent',
  SESSION_SECRET: 'placeholder',
  STORE_URL: 'redis://production',
  TRUST_PROXY: 'loopback',
};
const caller = { PATH: '/bin', LC_ALL: 'C', MY_TOKEN: 'placeholder', NODE_AUTH_TOKEN: 'placeholder', ...secret };

test("headroom's own processes get what they need and no more", () => {
  expect(ownEnvironment(caller)).toEqual({ PATH: '/bin', LC_ALL: 'C' });
});

test("the user's programs get the caller's environment without the secrets of headroom", () => {
  expect(givenEnvironment(caller)).toEqual({
    PATH: '/bin',
    LC_ALL: 'C',
    MY_TOKEN: 'placeholder',
    NODE_AUTH_TOKEN: 'placeholder',
  });
  expect(withheldNames(caller)).toEqual(Object.keys(secret));
});

test('what is taken has all of it, and what is left has no secret', () => {
  const left = { ...caller };
  expect(takeEnvironment(left)).toEqual(caller);
  expect(left).toEqual(givenEnvironment(caller));
});
