import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { watchWorkers } from '../../collectors/busy-workers.ts';
import { livingFamily } from '../../collectors/proc/process-family.ts';

const busy = 'while :; do :; done';

test('children that share the work are counted, those at rest are not', async () => {
  // On one core they share what there is of it, whatever else runs.
  const parent = spawn('taskset', ['-c', '0', '/bin/sh', '-c', `(${busy}) & (${busy}) & sleep 60 & wait`], {
    detached: true,
    stdio: 'ignore',
  });
  const pid = parent.pid as number;
  try {
    while (livingFamily([pid]).length < 4) await wait(5);
    const seen = watchWorkers(() => [pid]);
    // Whole ticks of 10 ms.
    await wait(1000);
    expect(seen()).toBe(2);
  } finally {
    process.kill(-pid, 'SIGKILL');
  }
});
