// What --once shows of a request and its response.
import { expect, test } from '@jest/globals';
import type { StepSeen } from '../../../loadtest/target/send-once.ts';
import { showStep } from '../../stress/outcome/describe-once.ts';

test('shows the names of a query, and no value, in the request line, in referer and in location', () => {
  const query = 'code=s3cret&X-Amz-Signature=s3cret&sid=s3cret&key=s3cret';
  const seen: StepSeen = {
    step: { name: 'sign in', method: 'GET', path: '/in', headers: {}, expect: [302] },
    sent: Buffer.from(`GET /in?${query} HTTP/1.1\r\nReferer: http://a/x?${query}\r\nHost: a\r\n\r\n`),
    answer: {
      status: 302,
      body: '',
      bodyBytes: 0,
      lines: [`Location: https://b/c?${query}#top`, 'X-Note: a=b'],
      headers: new Map(),
      before: [],
      persistent: true,
      closedByTarget: false,
    },
    tookMs: 1,
    taken: [],
    values: new Map(),
  };
  const { request, response } = showStep(seen, []);
  const masked = 'code=***&X-Amz-Signature=***&sid=***&key=***';
  expect(request.line).toBe(`GET /in?${masked} HTTP/1.1`);
  expect(request.headers).toEqual([`Referer: http://a/x?${masked}`, 'Host: a']);
  expect(response.headers).toEqual([`Location: https://b/c?${masked}#top`, 'X-Note: a=b']);
});
