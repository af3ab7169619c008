// Reads the limits of groups back while they are measured.
import type { Finding } from '../../model/finding.ts';
import { loadFinding } from '../messages.ts';
import type { Group } from './group.ts';

type LimitWatch = {
  /** Limits that were found changed until now, each once; looks again first. */
  lost(): readonly Finding[];
  /** Resolves with the first of them. */
  readonly first: Promise<Finding>;
  /** From now on what becomes of the groups is of no account. */
  stop(): void;
};

const everyMs = 1000;

/** Looks once a second, and keeps no process alive. */
export function watchLimits(groups: readonly Pick<Group, 'lostLimits'>[]): LimitWatch {
  const lost = new Map<string, Finding>();
  let stopped = false;
  let resolveFirst: (finding: Finding) => void = () => {};
  const first = new Promise<Finding>((resolve) => {
    resolveFirst = resolve;
  });
  const look = (): void => {
    if (stopped) return;
    for (const limit of groups.flatMap((group) => group.lostLimits())) {
      if (lost.has(limit.file)) continue;
      const finding = loadFinding('emulation-limit-lost', limit);
      lost.set(limit.file, finding);
      resolveFirst(finding);
    }
  };
  const timer = setInterval(look, everyMs).unref();
  return {
    lost: () => {
      look();
      return [...lost.values()];
    },
    first,
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}
