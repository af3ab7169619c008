// Which processes listen on a TCP port of this machine: /proc/net/tcp names the socket, /proc/<pid>/fd its holders (proc(5)).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hasProc, isUnreadable, kernelConstants, readProcesses } from './read-proc.ts';

type Listening = { readonly address: string; readonly port: number; readonly inode: string };

/** Sockets in state LISTEN (0A), from the text of /proc/net/tcp or tcp6. */
export function parseListening(text: string): readonly Listening[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    return state === '0A' ? [{ address, port: Number.parseInt(port, 16), inode }] : [];
  });
}

/** Pids that hold a socket which listens on this port at `hostname` (a loopback address) or at every address. Empty where none is visible. */
export function findListeners(hostname: string, port: number): readonly number[] {
  const sockets = readListening().filter((each) => each.port === port && takes(each.address, hostname));
  const inodes = new Set(sockets.map(({ inode }) => inode));
  if (inodes.size === 0) return [];
  const holders = readProcesses().filter(({ pid }) => heldBy(pid).some((inode) => inodes.has(inode)));
  // systemd holds the sockets that it opens for its services.
  return holders.map(({ pid }) => pid).filter((pid) => pid !== 1 || holders.length === 1);
}

/** Those at 127.0.0.1 that were started no earlier than so many seconds after the boot, as os.uptime() counts them. */
export function findNewListeners(port: number, sinceS: number): readonly number[] {
  const pids = findListeners('127.0.0.1', port);
  if (pids.length === 0) return [];
  const { ticksPerS } = kernelConstants();
  const isNew = new Set(
    readProcesses().flatMap(({ pid, startedAtTicks }) => (startedAtTicks >= (sinceS - 1) * ticksPerS ? [pid] : [])),
  );
  return pids.filter((pid) => isNew.has(pid));
}

/** The ports that these processes listen on, each once. */
export function listenedPorts(pids: readonly number[]): readonly number[] {
  const held = new Set(pids.flatMap(heldBy));
  return [...new Set(readListening().flatMap(({ inode, port }) => (held.has(inode) ? [port] : [])))];
}

/** None where there is no /proc. */
function readListening(): readonly Listening[] {
  if (!hasProc) return [];
  return ['tcp', 'tcp6'].flatMap((name) => {
    try {
      return parseListening(readFileSync(`/proc/net/${name}`, 'utf8'));
    } catch (error) {
      // A kernel without IPv6 has no tcp6.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** The kernel writes each 32-bit word of an address in the byte order of this machine. */
const everywhere = /^0+$/;
const localhost6 = '00000000000000000000000001000000';

function takes(address: string, hostname: string): boolean {
  if (everywhere.test(address)) return true;
  if (hostname === '[::1]') return address === localhost6;
  const wanted = hostname === 'localhost' ? '127.0.0.1' : hostname;
  const hex = wanted
    .split('.')
    .reverse()
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');
  return address.endsWith(hex) || (hostname === 'localhost' && address === localhost6);
}

/** Inodes of the sockets of a process; none where it has ended, or belongs to another user. */
function heldBy(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
      } catch (error) {
        return unreadable(error);
      }
    });
  } catch (error) {
    return unreadable(error);
  }
}

/** Closed meanwhile counts too; any other error is thrown. */
function unreadable(error: unknown): [] {
  if (isUnreadable(error)) return [];
  throw error;
}
