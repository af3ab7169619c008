// Builds the shortener as it is deployed, into a folder of the bench's own.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that the built files find its dependencies.
const out = join('node_modules', '.cache', 'headroom-bench');

/** Returns the path of the built app/server.js. */
export function buildApp(): string {
  execFileSync(process.execPath, ['--import', 'tsx', 'build.ts', out], { cwd: root, stdio: 'inherit' });
  return join(root, out, 'app', 'server.js');
}
