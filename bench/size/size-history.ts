// A first verdict from a year of recorded CPU, minute by minute, as the built command gives it.
import { execFile, execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, tempFolder } from '../program.ts';
import { median, print } from '../rounds.ts';

export const claim =
  'size history of a year of one-minute points on three types: under 2 s and 300 MB (median of 5), its page under 250 KB';

const minutes = 365 * 24 * 60;
const runs = 5;
/** The child writes its own peak: nothing outside sees that of a process that has ended. */
const tellMemory = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;

/** Prints wall time and peak memory of each run, process start included, and the size of the page. */
export async function run(): Promise<boolean> {
  execFileSync(process.execPath, ['--import', 'tsx', 'build.ts'], { cwd: root, stdio: 'inherit' });
  const cli = join(root, 'dist', 'cli.js');
  const folder = tempFolder();
  const file = join(folder, 'year.csv');
  writeFileSync(file, `time,cpu percent\n${Array.from({ length: minutes }, (_, index) => row(index)).join('')}`);
  const words = ['size', 'history', file, '--of', 't2.medium', '--on', 't2.micro,t2.small,t3.micro', '--out', folder];
  const found: { readonly seconds: number; readonly megabytes: number }[] = [];
  for (let round = 0; round < runs; round++) {
    const began = performance.now();
    // Exit code 4, because t2.micro and t3.micro do not carry it, would be as good.
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', tellMemory, cli, ...words], {
      cwd: root,
    }).catch((error: { code: number; stderr: string }) => {
      if (error.code !== 4) throw error;
      return error;
    });
    const seconds = (performance.now() - began) / 1000;
    found.push({ seconds, megabytes: Number(/peak (\d+)/.exec(stderr)?.[1]) / 1000 });
    print(`${seconds.toFixed(2)} s, ${found.at(-1)?.megabytes.toFixed(0)} MB`);
  }
  const pageKb = statSync(join(folder, 'index.html')).size / 1000;
  const [seconds, megabytes] = [median(found.map((each) => each.seconds)), median(found.map((each) => each.megabytes))];
  print(`median ${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB; page ${pageKb.toFixed(0)} KB`);
  return seconds < 2 && megabytes < 300 && pageKb < 250;
}

/** Busy by day, with some minutes that are busier. */
function row(index: number): string {
  const hour = (index / 60) % 24;
  const busy = 12 * Math.exp(-(((hour - 13) / 4) ** 2));
  const spike = index % 499 === 0 ? 60 : 4 * Math.abs(Math.sin(index * 7919));
  return `${new Date(Date.UTC(2025, 0, 1) + index * 60_000).toISOString().slice(0, 19)}Z,${(3 + busy + spike).toFixed(4)}\n`;
}
