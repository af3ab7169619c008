// What one run holds open, and how it is closed.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createRunFolder } from '../../../../model/write-run.ts';
import type { StressOptions } from '../../../stress/options/stress-options.ts';
import { closeRun, type OpenRun } from '../../../stress/run/open-run.ts';

test('stops nginx and the app, and removes the folder of a run that never began, when the limit of the network cannot be removed', async () => {
  const out = mkdtempSync(join(tmpdir(), 'open-'));
  const folder = createRunFolder(out, 'run', () => {});
  const ended: string[] = [];
  const stop = (name: string) => async () => void ended.push(name);
  const open = {
    folder,
    onUserStop: () => {},
    starting: Promise.reject(new Error('never started')),
    begun: false,
    network: { release: () => Promise.reject(new Error('tc failed')) },
    nginx: { stop: stop('nginx') },
    app: { stop: stop('app') },
  } as unknown as OpenRun;
  const options = { signal: new AbortController().signal } as StressOptions;
  await expect(closeRun(open, options)).rejects.toThrow('tc failed');
  expect(ended).toEqual(['nginx', 'app']);
  expect(existsSync(folder.dir)).toBe(false);
  rmSync(out, { recursive: true });
});
