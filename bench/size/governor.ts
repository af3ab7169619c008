// What keeps an emulated machine at its quota: how near it stays, and what it costs itself.
import { spawn } from 'node:child_process';
import { findEmulation } from '../../loadtest/emulation/cgroup-home.ts';
import { createGroup } from '../../loadtest/emulation/group.ts';
import { groupName } from '../../loadtest/emulation/group-name.ts';
import { coresFor } from '../../loadtest/emulation/measured-cores.ts';
import { startGovernor } from '../../loadtest/emulation/run-governor.ts';
import { askedShare } from '../../loadtest/emulation/vcpu-share.ts';
import { creditBaselineVcpus, findBurstableType } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import { print } from '../rounds.ts';

export const claim =
  'an emulated t2.micro that always wants CPU uses within 2 % of its quota over any 10 s, with credits and without; its governor takes under 1 % of a core';

const vcpuShare = 0.5;
const seconds = 25;
const windowS = 10;

/** Largest deviation from the quota over any window, in percent, and the governor's own CPU in percent of a core. */
async function measure(start: CreditStart) {
  const type = findBurstableType('t2.micro');
  const cgroups = await findEmulation();
  if (typeof cgroups === 'string') throw new Error(cgroups);
  const cores = coresFor(vcpuShare, 2);
  const group = createGroup(cgroups, groupName('bench'), { first: true, ...(cores && { cores }) });
  const spinner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  try {
    group.enter(spinner.pid as number);
    const governor = startGovernor({
      type,
      group,
      share: askedShare(vcpuShare, [type]),
      mode: 'standard',
      start,
      creditClock: 1,
      ownCores: cores?.length,
      onSample: () => {},
    });
    const samples: { readonly ms: number; readonly cpuMs: number }[] = [];
    const own = process.cpuUsage();
    const began = performance.now();
    for (let second = 0; second <= seconds; second++) {
      samples.push({ ms: performance.now(), cpuMs: group.use().cpuUs / 1000 });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    const used = process.cpuUsage(own);
    governor.stop();
    const quota = (start === 'empty' ? creditBaselineVcpus(type.credits) : type.vcpus) * vcpuShare;
    const off = samples.slice(windowS).map((last, index) => {
      const first = samples[index] as (typeof samples)[number];
      return 100 * ((last.cpuMs - first.cpuMs) / (last.ms - first.ms) / quota - 1);
    });
    const worst = off.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
    return { quota, worst, ownPercent: (used.user + used.system) / 10 / (performance.now() - began) };
  } finally {
    spinner.kill('SIGKILL');
    await group.remove();
  }
}

/** Prints both states. */
export async function run(): Promise<boolean> {
  let holds = true;
  for (const start of ['full', 'empty'] as const) {
    const { quota, worst, ownPercent } = await measure(start);
    print(
      `credits ${start}: quota ${quota} of a core, worst 10 s ${worst.toFixed(2)} % off, the governor ${ownPercent.toFixed(2)} % of a core`,
    );
    holds = holds && Math.abs(worst) <= 2 && ownPercent < 1;
  }
  return holds;
}
