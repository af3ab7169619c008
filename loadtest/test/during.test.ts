import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runDuring } from '../during.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'during-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = (signal = new AbortController().signal) => ({
  logFile: join(folder, 'during.log'),
  environment: process.env,
  signal,
});

describe('runDuring', () => {
  test('runs a shell line, keeps what it says, tells its exit code and time', async () => {
    const result = await runDuring('echo built && echo oops >&2; exit 3', options());
    expect(result).toMatchObject({ line: 'echo built && echo oops >&2; exit 3', exitCode: 3 });
    expect(result).not.toHaveProperty('signal');
    expect(result.durationS).toBeGreaterThan(0);
    expect(readFileSync(join(folder, 'during.log'), 'utf8').split('\n').sort()).toEqual(['', 'built', 'oops']);
  });

  test('is ended with all that it started: the sleep holds the pipe that is waited for', async () => {
    const controller = new AbortController();
    const running = runDuring('echo begun; sleep 60 & wait', options(controller.signal));
    while (!readFileSync(join(folder, 'during.log'), { encoding: 'utf8', flag: 'a+' }).includes('begun')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    const result = await running;
    expect(result).toMatchObject({ signal: 'SIGTERM' });
    expect(result.durationS).toBeLessThan(30);
  });
});
