// How many connections a second this machine can open to one target, where it is the one that closes them.
import { readFileSync } from 'node:fs';

const folder = '/proc/sys/net/ipv4';
/** Linux keeps the port of a connection that it closed first for so long (TCP_TIMEWAIT_LEN). */
const keptS = 60;

type LocalPorts = { readonly ports: number; readonly perS: number };

/** Undefined where ports cannot run out: the kernel takes them again at once (tcp_tw_reuse), or it is not Linux. */
export function localPortsFor(
  isLoopback: boolean,
  read: (name: string) => string | undefined = setting,
): LocalPorts | undefined {
  const reuse = read('tcp_tw_reuse')?.trim();
  const [from = 0, to = 0] = read('ip_local_port_range')?.trim().split(/\s+/).map(Number) ?? [];
  if (!(to > from) || reuse === '1' || (reuse === '2' && isLoopback)) return undefined;
  const ports = to - from + 1;
  return { ports, perS: Math.floor(ports / keptS) };
}

function setting(name: string): string | undefined {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
