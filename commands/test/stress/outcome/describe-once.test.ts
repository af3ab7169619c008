import { expect, test } from '@jest/globals';
import type { StepSeen } from '../../../../loadtest/target/send-once.ts';
import { describeOnce, showStep } from '../../../stress/outcome/describe-once.ts';

const secret = `p"wd\\ /é&<'€ +x`;

/** A message with a text in its path, a header and its body, and an answer that echoes it. */
function seen(text: string): StepSeen {
  const sent = Buffer.from(`POST /${text} HTTP/1.1\r\nx-own: ${text}\r\n\r\n{"v":"${text}"}`);
  return {
    step: { name: 's', method: 'POST', path: '/', headers: {}, expect: [200] },
    sent,
    answer: {
      status: 200,
      lines: [`x-echo: ${Buffer.from(text).toString('latin1')}`],
      headers: new Map(),
      persistent: true,
      closedByTarget: false,
      before: [],
      body: `<p>${text}</p>`,
      bodyBytes: 1,
    },
    tookMs: 1,
    taken: [],
    values: new Map([['password', secret]]),
  };
}

test.each([
  ['as it is', secret],
  ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ['in JSON of PHP', JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/')],
  ['in JSON of ASCII', 'p\\"wd\\\\ /\\u00e9&<\'\\u20ac +x'],
  ['in a path', encodeURIComponent(secret)],
  ['in a path in lower case', encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())],
  ['in a link', encodeURI(secret)],
  ['in a form', new URLSearchParams({ v: secret }).toString().slice(2)],
  ['in HTML', "p&quot;wd\\ /é&amp;&lt;'€ +x"],
  ['in escaped HTML', 'p&quot;wd\\ /é&amp;&lt;&#39;€ +x'],
])('--once shows no secret %s', (_, text) => {
  const { request, response } = showStep(seen(text), []);
  expect([request.line, request.headers, request.body, response.headers, response.body]).toEqual([
    'POST /*** HTTP/1.1',
    ['x-own: ***'],
    '{"v":"***"}',
    ['x-echo: ***'],
    '<p>***</p>',
  ]);
});

test('names the steps without a response, and why', () => {
  expect(describeOnce([], ['a', 'b'])).toBe(
    'a: not sent, as the step before it failed\n\nb: not sent, as the step before it failed',
  );
  expect(describeOnce([], ['a'], 'stopped by SIGINT')).toBe('a: no response, stopped by SIGINT');
});
