// The disk of a run: the root folder, this checkout with its build as /opt/headroom, the key that may log in, and the downloads.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cloneHere } from '../../test/clone.ts';
import { root as checkout } from '../program.ts';
import { addDownloads } from './downloads.ts';
import { cacheFolder, rootFolder } from './root.ts';

/** Without the swap file of set-up.sh, which takes 2 GiB, releases and links have about as much. */
const size = '6G';

export type Disk = { readonly file: string; readonly kernel: string; readonly initrd: string; readonly key: string };

/** Builds a new one in a folder; a minute or two. */
export function buildDisk(folder: string): Disk {
  const root = rootFolder();
  const key = join(cacheFolder(), 'key');
  if (!existsSync(key)) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  mkdirSync(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  copyFileSync(`${key}.pub`, join(root, 'root/.ssh/authorized_keys'));
  addCheckout(join(root, 'opt/headroom'));
  addDownloads(root);
  const file = join(folder, 'box.ext4');
  run('mke2fs', '-q', '-t', 'ext4', '-m', '0', '-d', root, file, size);
  const boot = (name: string) =>
    join(root, 'boot', readdirSync(join(root, 'boot')).find((each) => each.startsWith(name)) ?? name);
  return { file, kernel: boot('vmlinuz-'), initrd: boot('initrd.img-'), key };
}

/** As it lies here, committed or not, with its build and the packages that it needs to run. */
function addCheckout(to: string): void {
  rmSync(to, { recursive: true, force: true });
  cloneHere(to);
  // Links where that is possible; npm writes into the file of this name, which must not be the checkout's.
  const [from, modules] = [`${join(checkout, 'node_modules')}/.`, join(to, 'node_modules')];
  run('sh', '-c', 'mkdir "$2" && { cp -al "$1" "$2" 2>/dev/null || cp -a "$1" "$2"; }', 'sh', from, modules);
  rmSync(join(modules, '.package-lock.json'), { force: true });
  run(process.execPath, '--import', 'tsx', 'build.ts', join(to, 'dist'));
  execFileSync(
    'npm',
    ['prune', '--omit=dev', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: to,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

function run(...words: readonly string[]): void {
  execFileSync('nice', ['-n', '19', ...words], { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] });
}
