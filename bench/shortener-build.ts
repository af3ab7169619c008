// Builds the shortener as it is deployed, into a folder of the bench's own.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside the package, so that the built files find its dependencies.
const out = join(root, 'node_modules', '.cache', 'headroom-bench');

/** Returns the path of the built app/server.js. */
export function buildApp(): string {
  rmSync(out, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', out], { stdio: 'inherit' });
  for (const folder of ['views', 'public', 'seed']) {
    cpSync(join(root, 'app', folder), join(out, 'app', folder), { recursive: true });
  }
  cpSync(join(root, 'urls.json'), join(out, 'urls.json'));
  return join(out, 'app', 'server.js');
}
