import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import express from 'express';
import { useTemplates } from '../../http/page-engine.ts';
import { cleanUp, onCleanUp, tempFolder } from '../app-process.ts';
import { startApp } from '../app-server.ts';

afterEach(cleanUp);

test('pages that nobody has asked for yet are rendered after their folder was removed', async () => {
  const folder = join(tempFolder(), 'views');
  mkdirSync(folder);
  writeFileSync(join(folder, 'hello.cjs'), "module.exports = ({ name }) => '<p>' + name.trim() + '</p>';");
  const app = express();
  useTemplates(app, folder, true);
  rmSync(folder, { recursive: true });
  const rendered = (view: string, locals: object) =>
    new Promise((resolve) => app.render(view, locals, (cause, html) => resolve(cause?.message ?? html)));
  expect(await rendered('hello', { name: ' you ' })).toBe('<p>you</p>');
  expect(await rendered('hello', {})).toContain("reading 'trim'");
  expect(await rendered('absent', {})).toContain('Failed to lookup view "absent"');
});

test('an error on the way to the page of errors shows no stack', async () => {
  // Where Express tells of it.
  const said = jest.spyOn(console, 'error').mockImplementation(() => {});
  onCleanUp(() => said.mockRestore());
  const app = await startApp({
    fastPath: false,
    store: { find: () => Promise.reject(new Error('no store')) } as never,
    log: () => {
      throw new Error('no log');
    },
  });
  onCleanUp(() => app.stop());
  const response = await fetch(`${app.url}/some-code`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/no log|no store|\.ts/);
  while (said.mock.calls.length === 0) await nextTurn();
});
