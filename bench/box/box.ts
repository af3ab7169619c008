// A box as people have it, without EC2: a Debian guest with systemd and control groups v2 under qemu, without KVM. Faults are injected into
// its set-up, its deployments, its app and its emulated instances. Timing in the guest says nothing: its CPU is emulated.
import { UserError } from '../../model/user-error.ts';
import { tempFolder } from '../program.ts';
import { print } from '../rounds.ts';
import { crashes } from './crashes.ts';
import { deployments, preparation } from './deployments.ts';
import { buildDisk } from './disk.ts';
import { emulation } from './emulation.ts';
import type { Fault } from './fault.ts';
import { createGuest } from './guest.ts';
import { checkTools } from './root.ts';

/** More memory than an emulated t2.micro has. */
const emulationMemoryMiB = 2048;
const parts: Readonly<Record<string, readonly Fault[]>> = { deployments, crashes, emulation };

export const claim = `faults injected into a box under systemd: none is lost (parts: ${Object.keys(parts).join(', ')})`;

/** Prints each fault as it is over, and then the table. */
export async function run(part?: string): Promise<boolean> {
  if (part !== undefined && !(part in parts))
    throw new UserError(`bench box has no part ${part}; there are: ${Object.keys(parts).join(', ')}`);
  checkTools();
  // Ends the guest, by the handler of its exit.
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
    process.once(signal, () => process.exit(code));
  const folder = tempFolder();
  const guest = await createGuest(buildDisk(folder), folder);
  print(`boots in ${Math.round(await guest.start())} s`);
  const done: Outcome[] = [];
  const injectAll = async (faults: readonly Fault[]): Promise<void> => {
    for (const fault of faults) {
      done.push(await inject(fault, guest));
      print(rowOf(done.at(-1) as Outcome, 0));
    }
  };
  await injectAll(preparation);
  for (const [name, faults] of Object.entries(parts)) {
    if (part !== undefined && part !== name) continue;
    if (name === 'emulation') {
      await guest.sh('systemctl poweroff');
      await guest.off();
      await guest.start(emulationMemoryMiB);
    }
    await injectAll(faults);
  }
  await guest.cutPower();
  const width = Math.max(...done.map(({ fault }) => fault.name.length));
  print('');
  for (const each of done) print(rowOf(each, width));
  const lost = done.filter(({ problems }) => problems.length > 0);
  print(`${done.length} injected, ${done.length - lost.length} survived, ${lost.length} lost`);
  return lost.length === 0;
}

type Outcome = { readonly fault: Fault; readonly tookS: number; readonly problems: readonly string[] };

async function inject(fault: Fault, guest: Parameters<Fault['inject']>[0]): Promise<Outcome> {
  const startedMs = performance.now();
  const problems = await fault.inject(guest).catch((error: Error) => [error.message]);
  return { fault, tookS: (performance.now() - startedMs) / 1000, problems };
}

function rowOf({ fault, tookS, problems }: Outcome, width: number): string {
  const outcome = problems.length === 0 ? `survived: ${fault.invariant}` : `LOST: ${problems.join('; ')}`;
  return `${fault.name.padEnd(width)}  ${outcome} (${Math.round(tookS)} s)`;
}
