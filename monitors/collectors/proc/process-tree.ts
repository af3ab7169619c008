import type { Process } from './proc-process.ts';

/** The pids of the living roots and of all their descendants, without those of `except` and their descendants. */
export function processTree(
  processes: readonly Process[],
  roots: readonly number[],
  except: ReadonlySet<number> = new Set(),
): Set<number> {
  const children = new Map<number, number[]>();
  const living = new Set<number>();
  for (const { pid, parentPid } of processes) {
    living.add(pid);
    const siblings = children.get(parentPid);
    if (siblings) siblings.push(pid);
    else children.set(parentPid, [pid]);
  }
  const tree = new Set<number>();
  const waiting = [...roots];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (tree.has(pid) || except.has(pid) || !living.has(pid)) continue;
    tree.add(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return tree;
}
