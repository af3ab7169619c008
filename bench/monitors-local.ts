// What the local host source costs: CPU time per sample with 200 processes on the host, as percent of a core at one a second.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createLinuxReader } from '../monitors/linux-reader.ts';
import { readProcesses } from '../monitors/read-proc.ts';

const wantedProcesses = 200;
const samples = 300;

/** Measures on Linux; the extra processes are ended before it returns. */
export async function run() {
  const missing = Math.max(0, wantedProcesses - readProcesses().length);
  const sleepers = Array.from({ length: missing }, () => spawn('sleep', ['120'], { stdio: 'ignore' }));
  try {
    await Promise.all(sleepers.map((child) => once(child, 'spawn')));
    const read = createLinuxReader();
    for (let warmUp = 0; warmUp < 30; warmUp++) read(1);
    const begin = process.cpuUsage();
    for (let sample = 0; sample < samples; sample++) read(1);
    const used = process.cpuUsage(begin);
    const cpuMsPerSample = (used.user + used.system) / 1000 / samples;
    return {
      name: 'local host source',
      claim: 'one sample a second with 200 processes costs under 1 % of a core',
      figures: { processes: readProcesses().length, cpuMsPerSample, percentOfOneCore: cpuMsPerSample / 10 },
      holds: cpuMsPerSample / 10 < 1,
    };
  } finally {
    await Promise.all(
      sleepers.map((child) => {
        const ended = once(child, 'exit');
        child.kill();
        return ended;
      }),
    );
  }
}
