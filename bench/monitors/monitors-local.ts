// What the local host source costs: CPU time per sample with 200 processes on the host, as percent of a core at one a second.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createLinuxReader } from '../../monitors/collectors/linux-reader.ts';
import { readProcesses } from '../../monitors/collectors/proc/read-proc.ts';
import { print } from '../rounds.ts';

const wantedProcesses = 200;
const samples = 300;

export const claim = 'one sample of the host a second, with 200 processes on it, costs under 1 % of a core';

/** Measures on Linux; the extra processes are ended before it returns. */
export async function run(): Promise<boolean> {
  const missing = Math.max(0, wantedProcesses - readProcesses().length);
  const sleepers = Array.from({ length: missing }, () => spawn('sleep', ['120'], { stdio: 'ignore' }));
  try {
    await Promise.all(sleepers.map((child) => once(child, 'spawn')));
    const read = createLinuxReader();
    for (let warmUp = 0; warmUp < 30; warmUp++) read(1);
    const begin = process.cpuUsage();
    for (let sample = 0; sample < samples; sample++) read(1);
    const used = process.cpuUsage(begin);
    const cpuMs = (used.user + used.system) / 1000 / samples;
    print(
      `${readProcesses().length} processes: ${cpuMs.toFixed(2)} ms of CPU a sample, ${(cpuMs / 10).toFixed(2)} % of a core`,
    );
    return cpuMs / 10 < 1;
  } finally {
    await Promise.all(sleepers.map((child) => child.kill() && once(child, 'exit')));
  }
}
