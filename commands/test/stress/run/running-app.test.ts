import { expect, test } from '@jest/globals';
import { findAppOnPort } from '../../../../monitors/collectors/running-app.ts';
import { findRunning } from '../../../stress/run/running-app.ts';

const unknown = (find: Parameters<typeof findRunning>[2]) =>
  findRunning(new URL('http://127.0.0.1:1/'), undefined, find).unknown;

test('where no process is listed, as on macOS, nobody is told to run as root or to name the app', () => {
  const found = unknown((hostname, port) => findAppOnPort(hostname, port, false));
  expect(found).toMatchObject({ code: 'processes-unseen' });
  expect(found?.text).not.toMatch(/root|--app/);
});

test('where nothing that listens may be seen, that is said, and by what a port is forwarded', () => {
  expect(unknown(() => ({ missing: 'hidden' }))?.text).toMatch(/cannot see what listens on port 1\..*or run as root$/);
  expect(unknown(() => ({ missing: 'forwarded', by: 'ssh' }))?.text).toContain('port 1 is forwarded by ssh.');
});
