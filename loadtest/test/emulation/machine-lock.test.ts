import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { lockEmulation } from '../../emulation/machine-lock.ts';

// Runs at work on this machine hold the usual one.
const name = `headroom-test-${process.pid}`;

test('a second run is refused while the first emulates, and may go on when that was killed', async () => {
  const first = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--input-type=module', '--eval'],
      `const { lockEmulation } = await import('./loadtest/emulation/machine-lock.ts');
       await lockEmulation(0, '${name}');
       process.stdout.write('locked');
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    await once(first.stdout, 'data');
    await expect(lockEmulation(0, name)).rejects.toThrow(`Another run (process ${first.pid}) emulates instances`);
  } finally {
    first.kill('SIGKILL');
  }
  const release = await lockEmulation(10_000, name);
  release();
  (await lockEmulation(10_000, name))();
});
