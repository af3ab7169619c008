import { expect, test } from '@jest/globals';
import { parseTarget } from '../../cli/target-url.ts';

test.each([
  ['http://unix:/tmp/app.sock:/x', /is a path or a Unix socket.*Give the app a TCP port/],
  ['unix:///tmp/app.sock', /is a path or a Unix socket/],
  ['/run/app.sock', /is a path or a Unix socket/],
  ['localhost:3000/x', /Give one like http:\/\/localhost:3000\/x$/],
  ['ftp://127.0.0.1/', /is not an http or https URL/],
])('%s is no target', (text, why) => {
  expect(() => parseTarget('--target', text)).toThrow(why);
});
