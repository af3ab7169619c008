// A network namespace in which a whole run takes place, load and all: its loopback has a token bucket for each emulated instance. It has no name,
// so that the kernel removes it with its last process, however that ends.
import { execFile, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { promisify } from 'node:util';
import { UserError } from '../../model/user-error.ts';
import { findProgram } from '../generators/child.ts';

/** Holds the namespace that the run was started from: in another one, the run is inside. */
const marker = 'HEADROOM_OUTER_NETWORK';
/** Packets as the internet has them: those of a loopback are of 64 KiB, and hide the headers. */
const usualMtu = 1500;
const packages = { setpriv: 'util-linux', unshare: 'util-linux', ip: 'iproute2', tc: 'iproute2' };

/** What a port is held to needs a queue that has classes; what belongs to none of them is not delayed. */
const prepare = `ip link set dev lo mtu ${usualMtu} up && tc qdisc add dev lo root handle 1: htb && exec "$@"`;
/** Which a kernel may have without the filters that name a port. */
const tryFilter = [
  '/bin/sh',
  '-c',
  'tc filter add dev lo parent 1: protocol ip prio 1 u32 match ip dport 1 0xffff flowid 1:1',
];
/** The run is stopped as by SIGTERM when the process that waits for it is gone. */
const inside = ['--pdeathsig', 'TERM', 'unshare', '--net', '/bin/sh', '-c', prepare, 'sh'];

/** Whether this process runs in a network of its own already. */
export function isInOwnNetwork(environment: NodeJS.ProcessEnv): boolean {
  return environment[marker] !== undefined && environment[marker] !== ownNetwork();
}

/** Throws a UserError where this user or this kernel cannot have one. */
export async function checkOwnNetwork(environment: NodeJS.ProcessEnv): Promise<void> {
  if (process.platform !== 'linux')
    throw new UserError(`--emulate-network needs Linux, and this is ${process.platform}. Leave it out`);
  if (process.getuid?.() !== 0)
    throw new UserError('--emulate-network needs root for a network namespace. Run headroom as root, or leave it out');
  const look = Object.keys(packages).map((each) => `command -v ${each} >/dev/null || echo ${each}`);
  const run = promisify(execFile);
  const env = withSystemPath(environment);
  const { stdout } = await run('/bin/sh', ['-c', look.join('; ')], { env });
  const [missing] = stdout.split('\n') as [keyof typeof packages | ''];
  if (missing !== '')
    throw new UserError(
      `--emulate-network needs the program ${missing}, which is not installed. Install it: apt-get install ${packages[missing]}`,
    );
  await run('setpriv', [...inside, ...tryFilter], { env }).catch(({ stderr }: { stderr: string }) => {
    const [said = ''] = stderr.trim().split('\n');
    throw new UserError(
      `--emulate-network is not possible here: ${said}. It needs CAP_SYS_ADMIN and CAP_NET_ADMIN (docker run --privileged), and a kernel with sch_htb and cls_u32`,
    );
  });
}

/**
 * Runs headroom with these words in a new network, with this process's streams and every signal that it is stopped by, and gives its exit
 * code. Nothing outside can be reached from there.
 */
export function runInOwnNetwork(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  const { path, loader } = findProgram('cli');
  const child = spawn('setpriv', [...inside, process.execPath, ...loader, path, ...words], {
    env: { ...withSystemPath(environment), [marker]: ownNetwork() },
    stdio: 'inherit',
  });
  const stop = () => child.kill(signal.reason.exitCode - 128);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => resolve(code ?? 128 + constants.signals[by as NodeJS.Signals]));
  });
}

/** A root that su has made may lack the folders of ip and tc. */
function withSystemPath(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, PATH: `${environment.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` };
}

function ownNetwork(): string {
  return readlinkSync('/proc/self/ns/net');
}
