// The root folder of the guest: Debian 12 by debootstrap, with what set-up.sh would install from Debian. Kept in the cache of the user.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../model/user-error.ts';

const suite = 'bookworm';
const packages = [
  // A system that boots and takes commands.
  'systemd-sysv,dbus,udev,libpam-systemd,kmod,iproute2,netbase,linux-image-cloud-amd64,initramfs-tools,openssh-server,openssh-client',
  // What set-up.sh installs, and what Node needs.
  'ca-certificates,curl,git,nginx-light,procps,redis-server,redis-tools,sudo,util-linux,xz-utils,fontconfig,libatomic1,libstdc++6',
];
/** By the package that has it. */
const tools: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  debootstrap: 'debootstrap',
  mke2fs: 'e2fsprogs',
  'ssh-keygen': 'openssh-client',
  'dpkg-deb': 'dpkg',
  setpriv: 'util-linux',
  xz: 'xz-utils',
};
const asleep = ['apt-daily', 'apt-daily-upgrade', 'fstrim', 'e2scrub_all', 'dpkg-db-backup'];
const maskedServices = ['systemd-timesyncd.service', 'systemd-networkd-wait-online.service'];

/** Throws a UserError with the command that installs what is missing. */
export function checkTools(): void {
  const there = (tool: string) =>
    ['/usr/bin', '/usr/sbin', '/sbin', '/bin'].some((path) => existsSync(join(path, tool)));
  const missing = Object.keys(tools).filter((tool) => !there(tool));
  if (missing.length > 0)
    throw new UserError(
      `bench box needs ${missing.join(', ')}. Install: apt-get install --no-install-recommends ${missing.map((tool) => tools[tool]).join(' ')}`,
    );
  if (process.getuid?.() !== 0) throw new UserError('bench box builds the files of its guest as root. Run it as root');
}

/** The folder of all that outlives a run of the bench. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'headroom-box');
}

/** Builds it when it is not there; minutes, from the mirror that apt is configured with. `key`: the file of the public key that may log in. */
export function rootFolder(): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([suite, packages, asleep, maskedServices]))
    .digest('hex')
    .slice(0, 12);
  const root = join(cacheFolder(), `root-${hash}`);
  if (existsSync(root)) return root;
  const unfinished = `${root}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(cacheFolder(), { recursive: true });
  const words = ['debootstrap', '--variant=minbase', `--include=${packages.join(',')}`, suite, unfinished, mirror()];
  try {
    execFileSync('nice', ['-n', '19', ...words], { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 });
  } catch (error) {
    const said = String((error as { stdout?: Buffer }).stdout ?? error).trim();
    throw new UserError(
      `debootstrap failed: ${said.split('\n').at(-1)}. Its log: ${unfinished}/debootstrap/debootstrap.log`,
    );
  }
  configure(unfinished);
  renameSync(unfinished, root);
  return root;
}

/** What apt is configured with for this suite. */
function mirror(): string {
  const lines = execFileSync(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Created-By: Packages'],
    {
      encoding: 'utf8',
    },
  );
  const found = lines.split('\n').find((line) => line.endsWith(` ${suite}`));
  if (!found) throw new UserError(`apt has no source for Debian 12 (${suite}), from which the guest is built. Add one`);
  return found.split(' ')[0] as string;
}

function configure(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('etc/hostname', 'box\n');
  write('etc/hosts', '127.0.0.1 localhost box\n');
  write('etc/fstab', '/dev/vda / ext4 rw,noatime 0 1\n');
  write('etc/resolv.conf', '');
  // The network of qemu's `-nic user`.
  write(
    'etc/systemd/network/10.network',
    '[Match]\nName=en* eth*\n[Network]\nAddress=10.0.2.15/24\nGateway=10.0.2.2\n',
  );
  const masked = [...asleep.map((name) => `${name}.timer`), ...maskedServices];
  for (const unit of masked) symlinkSync('/dev/null', join(root, 'etc/systemd/system', unit));
  execFileSync('chroot', [root, 'systemctl', 'enable', '--quiet', 'systemd-networkd', 'ssh'], { stdio: 'ignore' });
}
