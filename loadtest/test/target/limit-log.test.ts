import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { limitLog } from '../../target/limit-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'limit-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a program that prints without end keeps its first lines and its last, and takes a bounded part of the disk', async () => {
  const path = join(folder, 'app.log');
  const log = openSync(path, 'a');
  const stopLimit = limitLog(path, 20_000, 1000);
  const program = spawn('sh', ['-c', 'echo begun; while :; do echo on and on; done'], { stdio: ['ignore', log, log] });
  closeSync(log);
  while (!/removed \d+ bytes/.test(readFileSync(path, 'latin1'))) await new Promise((resolve) => setImmediate(resolve));
  program.kill('SIGKILL');
  await once(program, 'exit');
  stopLimit();
  const text = readFileSync(path, 'latin1');
  expect(text).toMatch(/^begun\non and on\n/);
  expect(text).toMatch(/\n\[headroom removed \d+ bytes here\]\n/);
  expect(statSync(path).size).toBeLessThan(21_000);
});
