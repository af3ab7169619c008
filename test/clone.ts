// A clone of this repository with a commit of what lies here, committed or not.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** What git prints in a folder. */
export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Clones into a new folder. */
export function cloneHere(workspace: string): void {
  const list = (...args: readonly string[]) =>
    git(root, 'ls-files', ...args)
      .split('\n')
      .filter(Boolean);
  git(root, 'clone', '--quiet', root, workspace);
  for (const name of list('--deleted')) rmSync(join(workspace, name), { force: true });
  for (const name of list('--modified', '--others', '--exclude-standard')) {
    if (!existsSync(join(root, name))) continue;
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    copyFileSync(join(root, name), join(workspace, name));
  }
  git(workspace, 'add', '--all');
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  git(workspace, ...author, 'commit', '--quiet', '--allow-empty', '-m', 'Clone');
}
