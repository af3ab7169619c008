import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { countSystemShare } from '../../../collectors/proc/system-share.ts';

/** Runs `work` for so much CPU time each time that it is sent a line, and says when it has. */
function startWorker(work: string) {
  const script = `${work}
    process.stdin.on('data', () => {
      const before = process.cpuUsage();
      const used = () => { const { user, system } = process.cpuUsage(before); return user + system; };
      while (used() < 1.3e6) for (let n = 0; n < 200; n++) once();
      process.stdout.write('done');
    });
    process.stdout.write('ready');`;
  return spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

test.each([
  [
    'arithmetic is no work of the kernel',
    'let x = 1; const once = () => { for (let n = 0; n < 3000; n++) x = (x * 31 + n) % 65521; };',
    0,
    0.15,
  ],
  [
    'reading from the kernel mostly is',
    `const fs = require('fs'); const fd = fs.openSync('/dev/zero'); const to = Buffer.alloc(1 << 20); const once = () => fs.readSync(fd, to);`,
    0.7,
    1,
  ],
])('%s', async (_, work, low, high) => {
  const worker = startWorker(work);
  try {
    await once(worker.stdout, 'data');
    const counted = countSystemShare(() => [worker.pid as number]);
    // Less than a second says nothing.
    expect(counted?.share()).toBeUndefined();
    worker.stdin.write('go');
    await once(worker.stdout, 'data');
    expect(counted?.share()).toBeGreaterThanOrEqual(low);
    expect(counted?.share()).toBeLessThanOrEqual(high);
  } finally {
    worker.kill();
  }
});

test('what processes used before others took their place still counts', async () => {
  const busy = 'let x = 1; const once = () => { for (let n = 0; n < 3000; n++) x = (x * 31 + n) % 65521; };';
  const first = startWorker(busy);
  await once(first.stdout, 'data');
  let pid = first.pid as number;
  const counted = countSystemShare(() => [pid]);
  first.stdin.write('go');
  await once(first.stdout, 'data');
  counted?.count();
  first.kill();
  await once(first, 'exit');
  const second = startWorker(busy);
  try {
    await once(second.stdout, 'data');
    pid = second.pid as number;
    counted?.count();
    // The second has used next to nothing.
    expect(counted?.share()).toBeLessThanOrEqual(0.15);
  } finally {
    second.kill();
  }
});
