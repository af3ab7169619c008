// Where control groups of ours may live on this machine, or why nowhere.
import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Cgroups, findMounts, offered } from './cgroup-tree.ts';
import { createGroup, removeStaleGroups } from './group.ts';
import { groupName } from './group-name.ts';
import { leafName, makeRoom } from './own-leaf.ts';
import { endStaleScopes, openScope } from './scope.ts';

export type System = {
  /** /proc/self/mountinfo. */
  readonly mountinfo: string;
  /** /proc/self/cgroup. */
  readonly ownGroups: string;
  readonly root: boolean;
  /** systemd is process 1. */
  readonly systemd: boolean;
  readonly writable: (path: string) => boolean;
};

type Home =
  | { readonly kind: 'v1'; readonly cgroups: Cgroups }
  /** New scopes of systemd, beside its slices in `tree`. */
  | { readonly kind: 'scope'; readonly tree: string }
  /** The group of this process, delegated to this user. */
  | { readonly kind: 'own'; readonly tree: string }
  | { readonly kind: 'root'; readonly tree: string };

/** The most and the least of a scope's claim to CPU time (cgroup-v2.rst, cpu.weight). */
const firstWeight = 10_000;
const lastWeight = 1;

/** The control groups that this process may use, ready for groups of ours; a string says why it may not, and what would help. */
export async function findEmulation(): Promise<Cgroups | string> {
  if (process.platform !== 'linux') return `${process.platform} has no control groups. Emulation needs Linux`;
  if (!existsSync('/proc/self/cgroup')) return '/proc is not mounted. Emulation needs it';
  const home = chooseHome(lookAround());
  if (typeof home === 'string') return home;
  try {
    const cgroups = await openHome(home);
    if (typeof cgroups === 'string') return cgroups;
    await removeStaleGroups(cgroups);
    await createGroup(cgroups, groupName('trial'), { cpuCores: 1, memoryBytes: 64 * 1024 ** 2 }).remove();
    return cgroups;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return describeRefusal(code, 'tree' in home ? home.tree : undefined);
  }
}

/**
 * Under systemd its root belongs to systemd, which takes controllers away that it did not turn on itself: root gets scopes of its own, a
 * user the group that was delegated to it. Elsewhere groups of ours live at the root.
 */
export function chooseHome({ mountinfo, ownGroups, root, systemd, writable }: System): Home | string {
  const mounted = findMounts(mountinfo);
  if (!mounted) return 'this system has no control groups. Emulation needs Linux with cgroups mounted';
  if (mounted.version === 1) return { kind: 'v1', cgroups: mounted };
  const own = ownTree(mounted, ownGroups);
  const delegated =
    own !== undefined && ['cgroup.procs', 'cgroup.subtree_control'].every((f) => writable(join(own, f)));
  const home: Home =
    root && systemd
      ? { kind: 'scope', tree: mounted.path }
      : !root && own !== undefined && (delegated || systemd)
        ? { kind: 'own', tree: own }
        : { kind: 'root', tree: mounted.path };
  if (home.kind === 'own' && !delegated) return describeRefusal('EACCES', home.tree);
  const missing = ['cpu', 'memory'].filter((each) => !offered(home.tree).includes(each));
  if (missing.length === 0) return home;
  return `the control groups in ${home.tree} offer no ${missing.join(' and no ')} controller: it must be delegated to this user`;
}

/** What the kernel's refusal means for the user. */
export function describeRefusal(code: string, tree: string | undefined): string {
  const groups = tree === undefined ? 'control groups' : `the control groups in ${tree}`;
  if (code === 'EROFS') return `${groups} are mounted read-only (${code}). In a container, mount them writable`;
  if (code === 'EBUSY')
    return `${groups} have processes that cannot be moved (${code}). Run headroom in a unit of its own with Delegate=yes`;
  return `this user may not change ${groups} (${code}). Run as root, under "systemd-run --user --scope -p Delegate=yes", or in a unit with Delegate=yes`;
}

/** The folder of this process's own group; undefined where it is not mounted. A leaf of ours stands for the group around it. */
function ownTree(mounted: { readonly path: string; readonly group: string }, ownGroups: string): string | undefined {
  const own = /^0::(.*)$/m.exec(ownGroups)?.[1];
  if (own === undefined) return undefined;
  const below = relative(mounted.group, own);
  if (below.startsWith('..')) return undefined;
  const tree = join(mounted.path, below);
  return basename(tree) === leafName ? dirname(tree) : tree;
}

async function openHome(home: Home): Promise<Cgroups | string> {
  if (home.kind === 'v1') return home.cgroups;
  if (home.kind === 'scope') return openScopes(home.tree);
  const undo = makeRoom(home.tree);
  process.once('exit', undo);
  // Beside the leaf of others, and in a group whose weight is that of all in it, nothing can go behind the rest of the machine.
  const last = !existsSync(join(home.tree, 'cgroup.type'));
  return { version: 2, tree: home.tree, ...(last && { lastTree: home.tree }) };
}

async function openScopes(tree: string): Promise<Cgroups | string> {
  await endStaleScopes(tree);
  // One process may ask more than once.
  const name = groupName(randomUUID().slice(0, 8));
  const first = `${name}-first.scope`;
  const last = `${name}-last.scope`;
  try {
    await Promise.all([openScope(first, firstWeight), openScope(last, lastWeight)]);
  } catch (error) {
    return `systemd started no scope for the control groups: ${(error as Error).message}`;
  }
  for (const scope of [first, last]) makeRoom(join(tree, scope));
  return { version: 2, tree: join(tree, first), lastTree: join(tree, last) };
}

function lookAround(): System {
  return {
    mountinfo: readFileSync('/proc/self/mountinfo', 'utf8'),
    ownGroups: readFileSync('/proc/self/cgroup', 'utf8'),
    root: process.getuid?.() === 0,
    systemd: existsSync('/run/systemd/system'),
    writable,
  };
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
