// `npm run build [-- FOLDER]`: dist/, which runs with plain node.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

// `npm ci` builds too (npm calls that "prepare"), but not where only what runs was asked for.
if (process.env.npm_lifecycle_event === 'prepare' && !existsSync('node_modules/typescript')) process.exit();
const out = process.argv[2] ?? 'dist';
rmSync(out, { recursive: true, force: true });
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', out];
execFileSync(process.execPath, tsc, { stdio: 'inherit' });
bundleApp();
// Pages, style sheets, pictures and data lie beside the code that reads them, in sources and in the build alike.
for (const folder of ['app', 'loadtest', 'model', 'monitors', 'reports']) copyAssets(folder);
cpSync('urls.json', join(out, 'urls.json'));
chmodSync(join(out, 'cli.js'), 0o755);

// Express and what it needs are 150 files: to find and to read them takes longer than all the rest of the app's start.
function bundleApp(): void {
  const server = join(out, 'app', 'server.js');
  const { warnings } = buildSync({
    entryPoints: [server],
    outdir: join(out, 'app'),
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    chunkNames: 'bundle-[hash]',
    // What has native parts, or is not loaded at the start.
    external: ['lmdb', 'pug', 'ioredis', 'prom-client', 'multer', 'hot-shots'],
    // Not minified: with an error that nobody caught, node prints the line that threw it.
    // For the modules in CommonJS that are in the bundle.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  if (warnings.length > 0) process.exitCode = 1;
}

function copyAssets(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      if (name !== 'test' && name !== 'example') copyAssets(path);
    } else if (!name.endsWith('.ts')) {
      cpSync(path, join(out, path));
    }
  }
}
