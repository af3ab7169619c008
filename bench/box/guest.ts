// A machine with systemd and control groups v2, emulated by qemu without KVM.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../test/nginx.ts';
import type { Disk } from './disk.ts';
import { type Shell, shellTo } from './ssh.ts';

export type Guest = {
  readonly site: string;
  readonly sh: Shell;
  /** Resolves with the seconds until ssh answers. `memoryMiB`: with the usual one Linux has 949 MiB, as on a t2.micro. */
  start(memoryMiB?: number): Promise<number>;
  /** Resolves when it is off: it does not start by itself again. */
  off(): Promise<void>;
  /** As if its plug were pulled. */
  cutPower(): Promise<void>;
};

const usualMemoryMiB = 1024;
const bootLimitS = 900;

/** A guest on a disk, which is off. It ends with this process. */
export async function createGuest(disk: Disk, folder: string): Promise<Guest> {
  const [sshPort = 0, sitePort = 0] = await freePorts(2);
  const sh = shellTo(sshPort, disk.key, folder);
  const serial = join(folder, 'serial.log');
  let qemu: ChildProcess | undefined;
  process.once('exit', () => qemu?.kill('SIGKILL'));
  const off = async (): Promise<void> => {
    if (qemu && qemu.exitCode === null && qemu.signalCode === null) await once(qemu, 'exit');
  };
  return {
    site: `http://127.0.0.1:${sitePort}`,
    sh,
    off,
    async start(memoryMiB = usualMemoryMiB) {
      const startedMs = performance.now();
      const words = [...qemuWords(disk, memoryMiB, serial), ...network([sshPort, 22], [sitePort, 5000])];
      // It goes when this process is killed.
      qemu = spawn('nice', ['-n', '19', 'setpriv', '--pdeathsig', 'KILL', ...words], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      while ((await sh('systemctl is-system-running --wait >/dev/null', bootLimitS)).code === 255) {
        const tooLate = performance.now() - startedMs > bootLimitS * 1000;
        if (tooLate || qemu.exitCode !== null)
          throw new Error(`the guest does not start:\n${readFileSync(serial, 'utf8').slice(-2000)}`);
        await wait(1000);
      }
      return (performance.now() - startedMs) / 1000;
    },
    async cutPower() {
      qemu?.kill('SIGKILL');
      await off();
    },
  };
}

function qemuWords({ file, kernel, initrd }: Disk, memoryMiB: number, serial: string): readonly string[] {
  return (
    [
      'qemu-system-x86_64 -machine q35 -accel tcg,thread=multi,tb-size=512 -cpu max -smp 2 -no-reboot -display none',
      '-device virtio-rng-pci',
    ]
      .flatMap((words) => words.split(' '))
      .concat('-m', String(memoryMiB), '-kernel', kernel, '-initrd', initrd, '-serial', `file:${serial}`)
      // On a busy host the kernel's check of the timer fails ("8254 timer not connected"), and the guest may lose the timer of a core.
      .concat('-append', 'root=/dev/vda rw console=ttyS0 quiet mitigations=off panic=-1 no_timer_check')
      // The host's kernel has what the guest has written; it outlives qemu.
      .concat('-drive', `file=${file},format=raw,if=virtio,cache=unsafe`)
  );
}

/** Reachable by loopback, and reaching nothing. */
function network(...forwarded: readonly (readonly [host: number, guest: number])[]): readonly string[] {
  const ports = forwarded.map(([host, guest]) => `hostfwd=tcp:127.0.0.1:${host}-:${guest}`);
  return ['-nic', ['user', 'model=virtio-net-pci', 'restrict=on', ...ports].join(',')];
}
