// The CPU time that a run records of the command of --during, beside that of getrusage: bash's `times` prints it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEmulation } from '../../loadtest/emulation/cgroup-home.ts';
import { trackCommands } from '../../loadtest/emulation/command-group.ts';
import { createGroup } from '../../loadtest/emulation/group.ts';
import { groupName } from '../../loadtest/emulation/group-name.ts';
import { runDuring } from '../../loadtest/run/during.ts';
import { tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  'CPU of the command of --during, by its shell and inside a control group: within 2 % of getrusage, for one core for 5 s, 0.2 of a core, and 400 short children';

const mostOffPercent = 2;

const lines = {
  'one core for 5 s': `node -e 'while (process.cpuUsage().user < 5e6) for (let n = 0; n < 1e6; n++);'`,
  '0.2 of a core for 5 s': `node -e '
    const end = Date.now() + 5000;
    const work = () => {
      for (const until = Date.now() + 20; Date.now() < until; );
      if (Date.now() < end) setTimeout(work, 80);
    };
    work();'`,
  '400 short children': `i=0; while [ $i -lt 400 ]; do sh -c 'n=0; while [ $n -lt 3000 ]; do n=$((n+1)); done'; i=$((i+1)); done`,
};

/** CPU-seconds as recorded, and as getrusage counts them. */
async function measure(line: string, commands: ReturnType<typeof trackCommands> | undefined) {
  const logFile = join(tempFolder(), 'during.log');
  const group = commands?.openCommand(false);
  const { signal } = new AbortController();
  const timed = `bash -c 'eval "$LINE"; times'`;
  const environment = { ...process.env, LINE: line };
  const { cpuS = 0 } = await runDuring(timed, { logFile, environment, group, signal });
  await group?.close();
  const fields = readFileSync(logFile, 'utf8').matchAll(/(\d+)m([\d.]+)s/g);
  const usedS = [...fields].reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
  return { recordedS: cpuS, usedS };
}

/** Prints each way to count, where it is possible here. */
export async function run(): Promise<boolean> {
  const cgroups = await findEmulation();
  const instance = typeof cgroups === 'string' ? undefined : createGroup(cgroups, groupName('bench'), {});
  if (typeof cgroups === 'string') print(`no control groups: ${cgroups}`);
  const inside = instance && typeof cgroups !== 'string' ? trackCommands(cgroups, instance) : undefined;
  let holds = true;
  try {
    for (const [how, commands] of inside
      ? ([
          ['shell', undefined],
          ['control group', inside],
        ] as const)
      : ([['shell', undefined]] as const)) {
      for (const [name, line] of Object.entries(lines)) {
        const { recordedS, usedS } = await measure(line, commands);
        const offPercent = 100 * (recordedS / usedS - 1);
        print(
          `${name}, by ${how}: recorded ${recordedS.toFixed(3)} s, getrusage ${usedS.toFixed(3)} s: ${offPercent.toFixed(2)} % off`,
        );
        holds = holds && Math.abs(offPercent) <= mostOffPercent;
      }
    }
  } finally {
    await instance?.remove();
  }
  return holds;
}
