// One machine by two sources at once: the local kernel and Debian's prometheus-node-exporter, while a core is busy on and off.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { HostLine } from '../../model/second.ts';
import { startLocalSource } from '../../monitors/collectors/local.ts';
import { startNodeExporterSource } from '../../monitors/collectors/node-exporter.ts';
import { agreements } from '../../monitors/collectors/observed/agreement.ts';
import { freePorts } from '../../test/nginx.ts';
import { print } from '../rounds.ts';

export const claim =
  'the local source and node_exporter agree on the CPU within 2 percent of the machine, and on when it was used';

const seconds = 40;
/** Busy for 4 s, at rest for 4 s. */
const load =
  'const turn = () => { const end = Date.now() + 4000; while (Date.now() < end); setTimeout(turn, 4000); }; turn();';

/** Prints bias, lag and correlation of system.cpu.user. */
export async function run(): Promise<boolean> {
  const [port] = await freePorts(1);
  const exporter = spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  const busy = spawn(process.execPath, ['-e', load], { stdio: 'ignore' });
  const samples: HostLine[] = [];
  try {
    await Promise.all([once(exporter, 'spawn'), once(busy, 'spawn')]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const onSample = (line: HostLine) => samples.push(line);
    const sources = [
      startLocalSource({ onSample }),
      await startNodeExporterSource({ url: `http://127.0.0.1:${port}`, onSample }),
    ];
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await Promise.all(sources.map((source) => source.stop()));
  } finally {
    await Promise.all([exporter, busy].map((child) => child.kill() && once(child, 'exit')));
  }
  const [found] = agreements(samples);
  if (!found) throw new Error('there is nothing to compare');
  const { bias, lagS, correlation } = found;
  print(`${found.samples} samples: bias ${bias.toFixed(2)} %, lag ${lagS} s, correlation ${correlation?.toFixed(3)}`);
  return Math.abs(bias) < 2 && Math.abs(lagS ?? 99) <= 1 && (correlation ?? 0) > 0.9;
}
