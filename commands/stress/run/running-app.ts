// Whose CPU and memory it is: the processes of a target that runs on this machine already.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Finding } from '../../../model/finding.ts';
import { isHere } from '../../../model/is-here.ts';
import { UserError } from '../../../model/user-error.ts';
import type { LocalApp } from '../../../monitors/collectors/linux-reader.ts';
import { livingFamily } from '../../../monitors/collectors/proc/process-family.ts';
import { findAppOfGroup, findAppOfPid, findAppOnPort } from '../../../monitors/collectors/running-app.ts';
import { parseTarget } from '../../cli/target-url.ts';
import { commandFinding } from '../../messages.ts';

type Flags = {
  readonly target?: string | undefined;
  readonly pair?: string | undefined;
  readonly appPid?: number | undefined;
  readonly appUnit?: string | undefined;
};

/** The app that --app-pid or --app-unit names; undefined without them. Throws a UserError where there is none. */
export async function chooseRunning(argv: Flags, environment: NodeJS.ProcessEnv): Promise<LocalApp | undefined> {
  const { target, pair, appPid, appUnit } = argv;
  const flag = appPid !== undefined ? '--app-pid' : '--app-unit';
  if (appPid === undefined && appUnit === undefined) return undefined;
  if (appPid !== undefined && appUnit !== undefined) throw new UserError('give either --app-pid or --app-unit');
  if (target === undefined || !isHere(parseTarget('--target', target)))
    throw new UserError(
      `${flag} is about an app on this machine: add its address, like --target http://127.0.0.1:3000/`,
    );
  if (pair !== undefined) throw new UserError(`${flag} names one app, and --pair loads two. Leave one of them out`);
  if (process.platform !== 'linux') throw new UserError(`${flag} needs Linux`);
  return appPid !== undefined ? appOfPid(appPid) : appOfUnit(appUnit as string, environment);
}

function appOfPid(pid: number): LocalApp {
  const app = Number.isInteger(pid) && pid > 0 ? findAppOfPid(pid) : undefined;
  if (!app) throw new UserError(`--app-pid ${pid}: there is no such process. Look it up, for example with pgrep`);
  if (livingFamily([pid]).includes(process.pid))
    throw new UserError(`--app-pid ${pid}: headroom itself is a child of this process. Name the process of the app`);
  return app;
}

async function appOfUnit(unit: string, environment: NodeJS.ProcessEnv): Promise<LocalApp> {
  const run = promisify(execFile);
  const words = ['show', '--property', 'ControlGroup', '--value', '--', unit];
  let group: string;
  try {
    group = (await run('systemctl', words, { env: environment, timeout: 5000 })).stdout.trim();
  } catch (cause) {
    const { code, stderr = '' } = cause as NodeJS.ErrnoException & { stderr?: string };
    const why =
      code === 'ENOENT'
        ? 'there is no systemctl here'
        : stderr.trim().split('\n')[0]?.replace(/\.$/, '') || `systemctl failed (${code})`;
    throw new UserError(`--app-unit ${unit}: ${why}. Name a process with --app-pid instead`, { cause });
  }
  if (group === '')
    throw new UserError(
      `--app-unit ${unit}: this unit does not run. Start it, or check its name with: systemctl list-units`,
    );
  return findAppOfGroup(group);
}

/** The app behind a target on this machine: the one that was named, else what listens on its port; or why it is not known. */
export function findRunning(
  target: URL,
  named: LocalApp | undefined,
  find = findAppOnPort,
): { app?: LocalApp; unknown?: Finding } {
  if (named) return { app: named };
  if (!isHere(target)) return {};
  const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
  const found = find(target.hostname, port);
  if (!('missing' in found)) return { app: found };
  if (found.missing === 'unseen') return { unknown: commandFinding('processes-unseen') };
  const by = found.missing === 'forwarded' ? { by: found.by } : {};
  return { unknown: commandFinding('app-unknown', { port, ...by }) };
}
