// A program that never leaves its core idle and takes no time from other processes (its group has the lowest priority): two threads that hand a turn to
// each other. A single busy loop would not do: the kernel looks for others only when a thread sleeps or at its tick, so a group whose quota
// came back waited up to a tick and lost a quarter of it.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Plain JavaScript: run from sources, a worker has nothing that loads TypeScript. */
const takeTurns = `
  const { turn, mine } = require('node:worker_threads').workerData;
  const other = 1 - mine;
  for (;;) {
    while (Atomics.load(turn, 0) !== mine) Atomics.wait(turn, 0, other);
    Atomics.store(turn, 0, other);
    Atomics.notify(turn, 0, 1);
  }`;

const turn = new Int32Array(new SharedArrayBuffer(4));
const workers = [0, 1].map((mine) => new Worker(takeTurns, { eval: true, workerData: { turn, mine } }));
// The harness is gone.
process.on('disconnect', () => process.exit());
if (!process.connected) process.exit();
await Promise.all(workers.map((worker) => once(worker, 'online')));
process.send?.('ready');
