// What can happen to a running box: killed processes, reboots, a full disk, no memory.
import { differs, type Fault, noneFailed, underLoad } from './fault.ts';
import type { Guest } from './guest.ts';

const unit = 'headroom@current.service';
const mainPid = `$(systemctl show --property MainPID --value ${unit})`;
const about = async ({ sh }: Guest, property: string): Promise<string> =>
  (await sh(`systemctl show --property ${property} --value ${unit}`)).out;
/** How often the kernel has killed for want of memory since it was started. */
const oomKills = async ({ sh }: Guest): Promise<number> =>
  Number((await sh("sed -n 's/^oom_kill //p' /proc/vmstat")).out);
/** All that is free, and then the last blocks one by one. */
const fillDisk =
  'fallocate -l "$(($(df --output=avail -B1 / | tail -n 1) - 65536))" /ballast; dd if=/dev/zero of=/ballast2 bs=4096 2>/dev/null; df --output=avail / | tail -n 1';
const takeMemory = 'node -e "const all = []; for (;;) all.push(Buffer.alloc(2 ** 22, 1))"';

export const crashes: readonly Fault[] = [
  {
    name: 'kill -9 of all workers',
    invariant: 'redirects come back, no acknowledged link is lost, the primary process stays',
    inject: underLoad(
      async (guest) => {
        const before = await about(guest, 'MainPID');
        await guest.sh(`pkill -KILL --parent ${mainPid}`);
        return before;
      },
      async (before, _, guest) => differs('main process', await about(guest, 'MainPID'), before),
    ),
  },
  {
    name: 'kill -9 of the primary process',
    invariant: 'systemd starts it again, no acknowledged link is lost, no process of before runs on',
    inject: underLoad(
      async ({ sh }) =>
        (
          await sh(
            `cat /sys/fs/cgroup$(systemctl show --property ControlGroup --value ${unit})/cgroup.procs; kill -KILL ${mainPid}`,
          )
        ).out.split('\n'),
      async (before, _, { sh }) => {
        const { out } = await sh(`ps -o pid= -p ${before.join(',')}`);
        return [...(out === '' ? [] : [`still there: ${out}`])];
      },
    ),
  },
  {
    name: 'kill -9 of the primary process, ten times within seconds',
    invariant: 'systemd does not give up, no acknowledged link is lost',
    inject: underLoad(
      ({ sh }) => sh(`for n in $(seq 10); do pid=${mainPid}; [ "$pid" = 0 ] || kill -KILL "$pid"; sleep 1; done`),
      () => [],
    ),
  },
  {
    name: 'kill -9 of everything of the app',
    invariant: 'systemd starts it again, no acknowledged link is lost',
    inject: underLoad(
      ({ sh }) => sh(`systemctl kill --signal=KILL ${unit}`),
      () => [],
    ),
  },
  {
    name: 'disk full',
    invariant: 'redirects go on, creations are refused with 503, and work again when there is space',
    inject: underLoad(
      async (guest) => {
        const before = await about(guest, 'MainPID');
        const left = await guest.sh(`${fillDisk}; sleep 15`);
        await guest.sh('rm -f /ballast /ballast2; sleep 5');
        return { before, left: left.out };
      },
      async ({ before, left }, visits, guest) => [
        ...differs('KiB left', left, '0'),
        ...differs('main process', await about(guest, 'MainPID'), before),
        ...differs('creations refused with', Object.keys(visits.refused).join(), '503'),
        ...noneFailed(visits),
      ],
    ),
  },
  {
    name: 'out of memory: another program takes all of 949 MiB',
    invariant: 'the kernel kills that one, redirects come back, no acknowledged link is lost',
    inject: underLoad(
      async (guest) => {
        const before = await about(guest, 'MainPID');
        const killed = await oomKills(guest);
        const { code } = await guest.sh(`swapoff -a; ${takeMemory}; code=$?; swapon -a; exit $code`);
        return { before, code, killed: (await oomKills(guest)) - killed };
      },
      async ({ before, code, killed }, _, guest) => [
        ...(killed > 0 ? [] : ['the kernel killed nothing']),
        ...differs('exit code of the program', code, 137),
        ...differs('main process', await about(guest, 'MainPID'), before),
      ],
    ),
  },
  {
    name: 'out of memory: the kernel kills the app',
    invariant: 'redirects come back, no acknowledged link is lost',
    inject: underLoad(
      async (guest) => {
        const killed = await oomKills(guest);
        const { out } = await guest.sh(
          'for n in 1 2 3; do echo f >/proc/sysrq-trigger; sleep 2; done; journalctl -k | grep "Killed process" | tail -n 1',
        );
        return { out, killed: (await oomKills(guest)) - killed };
      },
      ({ out, killed }, _) => [...(killed > 0 && out.includes('(node)') ? [] : [`the kernel killed: ${out}`])],
    ),
  },
  {
    name: 'reboot under load',
    invariant: 'the site comes back by itself, no acknowledged link is lost',
    inject: underLoad(
      async (guest) => {
        await guest.sh('systemctl reboot');
        await guest.off();
        await guest.start();
        return about(guest, 'Result');
      },
      (result) => differs('the unit', result, 'success'),
    ),
  },
  {
    name: 'power cut under load',
    invariant: 'the site comes back by itself, no acknowledged link is lost',
    inject: underLoad(
      async (guest) => {
        await guest.cutPower();
        await guest.start();
      },
      () => [],
    ),
  },
];
