// How many files a process may have open, and how many a load needs: each connection is one, in the generator and in the app.
import { readFileSync } from 'node:fs';
import { kindOf, type Profile, type ProfileStage } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { openedAtFirst } from '../engines/connection-queue.ts';

/** What a generator or the shortener has open without any connection. */
const usual = 48;

/** Throws a UserError where this shell allows fewer than the profile opens from the first second of a stage on. */
export function checkOpenFiles(
  profile: Pick<Profile, 'name' | 'stages'>,
  { generators, startsApp }: { readonly generators: number; readonly startsApp: boolean },
  allowed = allowedFiles(),
): void {
  const connections = Math.max(0, ...profile.stages.map(opened));
  const needed = usual + (startsApp ? connections : Math.ceil(connections / generators));
  if (allowed === undefined || needed <= allowed) return;
  throw new UserError(
    `profile ${profile.name} opens ${connections} connections, for which a process needs ${needed} open files, and this shell allows ${allowed}. Raise the limit (ulimit -n ${Math.max(4096, needed)}), or use fewer connections`,
  );
}

/** The hard limit, to which Node raises its own when it starts; undefined where the platform does not say it. */
function allowedFiles(): number | undefined {
  try {
    const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Connections that a stage opens in any case. */
function opened(stage: ProfileStage): number {
  if (stage.kind === 'closed') return stage.connections;
  if (stage.kind === 'ladder') return Math.max(...stage.connections);
  if (!('maxConnections' in stage)) return 0;
  return openedAtFirst({
    maxConnections: stage.maxConnections,
    ratePerS: kindOf(stage).highestPerS(stage),
    generators: 1,
  });
}
