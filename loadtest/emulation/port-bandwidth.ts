// The bandwidth of an instance, in each direction: a token bucket for what comes from its port and one for what goes there, in the run's own
// network. https://man7.org/linux/man-pages/man8/tc-htb.8.html
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';

export type PortBandwidth = {
  /** Leaves the port without a limit. */
  release(): Promise<void>;
};

/** One packet of the kernel's own, which it cuts to the MTU later. */
const bucketBytes = 65_536;
const device = ['dev', 'lo'];
/** Each port has two classes and two priorities of filters, which have to differ from those of other instances. */
let used = 0;

/** What --emulate-network holds a type to, in Mbit/s: the promised one. Throws a UserError for a type whose bandwidth is not known. */
export function baselineMbps({ instanceType, network }: Pick<InstanceType, 'instanceType' | 'network'>): number {
  if (!network)
    throw new UserError(
      `--emulate-network: the network bandwidth of a ${instanceType} is not known. Leave out the flag or the type`,
    );
  return 1000 * network.baselineGbps;
}

/** Holds the port to so many Mbit/s in each direction. The bucket begins with one packet: no credits for a burst. */
export async function limitPort(port: number, mbps: number): Promise<PortBandwidth> {
  const [toApp, fromApp] = [used + 1, used + 2] as const;
  used += 2;
  const rate = `${Math.round(mbps * 1e6)}bit`;
  const size = String(bucketBytes);
  for (const id of [toApp, fromApp]) {
    const shape = ['rate', rate, 'ceil', rate, 'burst', size, 'cburst', size, 'quantum', size];
    await tc(['class', 'add', ...device, 'parent', '1:', 'classid', classOf(id), 'htb', ...shape]);
  }
  const filters = [
    { protocol: 'ip', match: 'ip', prio: toApp },
    { protocol: 'ipv6', match: 'ip6', prio: fromApp },
  ];
  for (const { protocol, match, prio } of filters)
    for (const [side, id] of [['dport', toApp] as const, ['sport', fromApp] as const])
      await tc([
        ...['filter', 'add', ...device, 'parent', '1:', 'protocol', protocol, 'prio', String(prio), 'u32'],
        ...['match', match, side, String(port), '0xffff', 'flowid', classOf(id)],
      ]);
  return {
    release: async () => {
      for (const { prio } of filters) await tc(['filter', 'del', ...device, 'parent', '1:', 'prio', String(prio)]);
      for (const id of [toApp, fromApp]) await tc(['class', 'del', ...device, 'classid', classOf(id)]);
    },
  };
}

const classOf = (id: number): string => `1:${id.toString(16)}`;

async function tc(words: readonly string[]): Promise<void> {
  await promisify(execFile)('tc', words);
}
