import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { chooseApp, choosePaths } from '../../../stress/options/choose-app.ts';

const app = 'node server.js';
const here = fileURLToPath(new URL('.', import.meta.url));

test('an app is its command, with folder, readiness and a port of its own where they were given', () => {
  expect(chooseApp({})).toBeUndefined();
  expect(chooseApp({ app })).toEqual({ line: app });
  const all = { app, appDir: here, ready: '/health', target: 'http://127.0.0.1:3000/cart' };
  expect(chooseApp(all)).toEqual({
    line: app,
    directory: here.replace(/\/$/, ''),
    readyPath: '/health',
    fixed: new URL('http://127.0.0.1:3000/cart'),
  });
});

test('the page of a fixed port is what is loaded, unless --path names others', () => {
  expect(choosePaths({ app })).toBeUndefined();
  expect(choosePaths({ app, target: 'http://127.0.0.1:3000/' })).toBeUndefined();
  expect(choosePaths({ app, target: 'http://127.0.0.1:3000/cart?a=1' })).toEqual(['/cart?a=1']);
  expect(choosePaths({ app, path: ['/a', '/b'] })).toEqual(['/a', '/b']);
  expect(choosePaths({ target: 'http://127.0.0.1:3000/', path: ['/a'] })).toEqual(['/a']);
});

test.each([
  [{ ready: '/' }, '--ready is about an app that headroom starts: add --app CMD'],
  [{ app: ' ' }, '--app is empty'],
  [{ app, appDir: `${here}none` }, 'there is no folder'],
  [{ app, appDir: fileURLToPath(import.meta.url) }, 'is a file: give a folder'],
  [{ app, ready: 'health' }, '--ready health must begin with /, like --ready /health'],
  [{ app, target: 'http://10.0.0.7:3000/' }, 'starts the app on this machine'],
  [{ app, appPid: 7 }, '--app starts the app for this run, and does not go with --app-pid'],
  [{ app, pair: 'http://127.0.0.1:3001/' }, 'does not go with --pair'],
])('what does not go together is refused: %j', (flags, sentence) => {
  expect(() => chooseApp(flags)).toThrow(sentence);
});

test.each([
  [{ path: ['/a'] }, '--path is a page of your app: add --app CMD or --target URL'],
  [{ app, path: ['http://127.0.0.1:3000/a'] }, 'must begin with /, like --path /a'],
  [{ target: 'http://127.0.0.1:3000/x', path: ['/a'] }, 'Leave one of them out'],
])('a page that cannot be one is refused: %j', (flags, sentence) => {
  expect(() => choosePaths(flags)).toThrow(sentence);
});
