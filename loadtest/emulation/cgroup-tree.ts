// The trees of the kernel's control groups, v1 and v2, and the files in them.
// https://docs.kernel.org/admin-guide/cgroup-v1/index.html, https://docs.kernel.org/admin-guide/cgroup-v2.html
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const controllers = ['cpu', 'cpuacct', 'memory', 'cpuset'] as const;
export type Controller = (typeof controllers)[number];

/** Where groups of ours are made: in one tree for each controller (v1), or in one for all (v2). */
export type Cgroups =
  | { readonly version: 1; readonly trees: Readonly<Record<Controller, string>> }
  | {
      readonly version: 2;
      readonly tree: string;
      /** For groups that take time from no other process; absent: what runs there takes its share from the rest of the machine. */
      readonly lastTree?: string;
    };

type Mounted =
  | Extract<Cgroups, { version: 1 }>
  | { readonly version: 2; readonly path: string /** The group that is mounted there. */; readonly group: string };

/** Where control groups are mounted, from the text of /proc/self/mountinfo (proc(5)); undefined: nowhere. */
export function findMounts(mountinfo: string): Mounted | undefined {
  const mounts = mountinfo.split('\n').map((line) => {
    const [mount = '', source = ''] = line.split(' - ');
    const [, , , group = '', path = ''] = mount.split(' ');
    const [type, , options = ''] = source.split(' ');
    return { group, path, type, options: options.split(',') };
  });
  const trees = controllers.map((controller) => {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(controller));
    return [controller, mount?.path] as const;
  });
  if (trees.every(([, path]) => path !== undefined)) {
    return { version: 1, trees: Object.fromEntries(trees) as Record<Controller, string> };
  }
  const unified = mounts.find(({ type }) => type === 'cgroup2');
  return unified && { version: 2, path: unified.path, group: unified.group };
}

/** Whether a group can be held to cores; a v2 tree may be delegated without that. */
export function canPin(cgroups: Cgroups): boolean {
  return cgroups.version === 1 || offered(cgroups.tree).includes('cpuset');
}

/** The controllers that a v2 tree offers. */
export function offered(tree: string): readonly string[] {
  return read(join(tree, 'cgroup.controllers')).trim().split(' ');
}

/** Turns on the controllers that groups of ours need (v2). Returns those that were off. */
export function enableControllers(tree: string): readonly string[] {
  const path = join(tree, 'cgroup.subtree_control');
  const enabled = new Set(read(path).trim().split(' '));
  const wanted = ['cpu', 'memory', 'cpuset'].filter((each) => offered(tree).includes(each) && !enabled.has(each));
  if (wanted.length > 0) write(path, wanted.map((each) => `+${each}`).join(' '));
  return wanted;
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

/** The text of a file of a group; undefined when the group is gone, or its controller was taken away. */
export function readIfThere(path: string): string | undefined {
  try {
    return read(path);
  } catch (error) {
    // ENODEV: the group was removed between opening and reading.
    if (['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Writes one value to a file of a group; the kernel's errors come through. */
export function write(path: string, value: string): void {
  writeFileSync(path, value);
}
