// The trees of the kernel's control groups, v1 and v2, and the files in them.
// https://docs.kernel.org/admin-guide/cgroup-v1/index.html, https://docs.kernel.org/admin-guide/cgroup-v2.html
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const controllers = ['cpu', 'cpuacct', 'memory', 'cpuset'] as const;
export type Controller = (typeof controllers)[number];

/** Where the controllers are mounted: one tree each (v1), or one for all (v2). */
export type Cgroups =
  | { readonly version: 1; readonly trees: Readonly<Record<Controller, string>> }
  | { readonly version: 2; readonly tree: string };

/** The control groups of this machine from the text of /proc/mounts; a string says why there are none. */
export function findCgroups(mounts: string): Cgroups | string {
  const lines = mounts.split('\n').map((line) => line.split(' '));
  const found = controllers.map((controller) => {
    const mount = lines.find(
      ([, , type, options = '']) => type === 'cgroup' && options.split(',').includes(controller),
    );
    return [controller, mount?.[1]] as const;
  });
  if (found.every(([, path]) => path !== undefined)) {
    return { version: 1, trees: Object.fromEntries(found) as Record<Controller, string> };
  }
  const tree = lines.find(([, , type]) => type === 'cgroup2')?.[1];
  if (tree === undefined) return 'this system has no control groups. Emulation needs Linux with cgroups mounted';
  const missing = ['cpu', 'memory'].filter((each) => !offered(tree).includes(each));
  return missing.length === 0
    ? { version: 2, tree }
    : `the control groups in ${tree} offer no ${missing.join(' and no ')} controller: it must be delegated to this user`;
}

/** Whether a group can be held to cores; a v2 tree may be delegated without that. */
export function canPin(cgroups: Cgroups): boolean {
  return cgroups.version === 1 || offered(cgroups.tree).includes('cpuset');
}

function offered(tree: string): readonly string[] {
  return read(join(tree, 'cgroup.controllers')).trim().split(' ');
}

/** Turns on the controllers that groups of ours need (v2). */
export function enableControllers(tree: string): void {
  const path = join(tree, 'cgroup.subtree_control');
  const enabled = new Set(read(path).trim().split(' '));
  const wanted = ['cpu', 'memory', 'cpuset'].filter((each) => offered(tree).includes(each) && !enabled.has(each));
  if (wanted.length > 0) write(path, wanted.map((each) => `+${each}`).join(' '));
}

/** The folder of a group for one controller. */
export function folder(cgroups: Cgroups, controller: Controller, name: string): string {
  return join(cgroups.version === 1 ? cgroups.trees[controller] : cgroups.tree, name);
}

/** All folders of a group: one with v2. */
export function folders(cgroups: Cgroups, name: string): readonly string[] {
  return [...new Set(controllers.map((controller) => folder(cgroups, controller, name)))];
}

/** The text of a file of a group. */
export function read(path: string): string {
  return readFileSync(path, 'utf8');
}

/** Writes one value to a file of a group; the kernel's errors come through. */
export function write(path: string, value: string): void {
  writeFileSync(path, value);
}
