// `npm run build`: dist/, which runs with plain node.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

// `npm ci` builds too (npm calls that "prepare"), but not where only what runs was asked for.
if (process.env.npm_lifecycle_event === 'prepare' && !existsSync('node_modules/typescript')) process.exit();
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
// Pages, style sheets, pictures and data lie beside the code that reads them, in sources and in the build alike.
for (const folder of ['app', 'loadtest', 'model', 'monitors', 'reports']) copyAssets(folder);
cpSync('urls.json', join('dist', 'urls.json'));
chmodSync(join('dist', 'cli.js'), 0o755);

function copyAssets(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== 'test') copyAssets(path);
    } else if (!name.endsWith('.ts')) {
      cpSync(path, join('dist', path));
    }
  }
}
