// `npm run build [-- FOLDER]`: dist/, which runs with plain node.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import pug from 'pug';

// `npm ci` builds too (npm calls that "prepare"), but not where only what runs was asked for.
if (process.env.npm_lifecycle_event === 'prepare' && !existsSync('node_modules/typescript')) process.exit();
const wanted = process.argv[2] ?? 'dist';
if (wanted.startsWith('-')) {
  process.stderr.write('npm run build [-- FOLDER]\n');
  process.exit(wanted === '--help' ? 0 : 2);
}
// Beside the last build, which takes its place when it is whole: programs run from that one meanwhile, and a build may be stopped.
const out = `${wanted}.next`;
rmSync(out, { recursive: true, force: true });
// Each checker reads all types: four of them take 890 MiB, more than a t2.micro has beside an app, and half as much CPU again.
const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--checkers', '1', '--outDir', out];
execFileSync(process.execPath, tsc, { stdio: 'inherit' });
await bundle('app/server.js');
await bundle('cli.js', 'api.js');
await bundle('loadtest/generators/generator.js');
// Pages, style sheets, pictures and data lie beside the code that reads them, in sources and in the build alike.
for (const folder of ['app', 'loadtest', 'model', 'monitors', 'reports']) copyAssets(folder);
compileTemplates('app/http/views');
compileTemplates('reports/render/views');
cpSync('urls.json', join(out, 'urls.json'));
// For --with nginx.
cpSync('deploy/nginx', join(out, 'deploy/nginx'), { recursive: true });
chmodSync(join(out, 'cli.js'), 0o755);
keepTypesOf('api.d.ts');
takePlace();

/** The last build goes when the new one is in its place: what runs from it finds parts of the same name and content there. */
function takePlace(): void {
  const last = `${wanted}.last`;
  rmSync(last, { recursive: true, force: true });
  mkdirSync(wanted, { recursive: true });
  renameSync(wanted, last);
  renameSync(out, wanted);
  rmSync(last, { recursive: true });
}

// To find and to read hundreds of small files takes longer than all the rest of a program's start.
/** The programs are in one folder. */
async function bundle(...programs: [string, ...string[]]): Promise<void> {
  const folder = join(out, dirname(programs[0]));
  const { warnings } = await build({
    entryPoints: programs.map((program) => join(out, program)),
    outdir: folder,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    // Of what has both, the ES modules: esbuild can leave out the parts that are not used.
    mainFields: ['module', 'main'],
    target: 'node20',
    format: 'esm',
    chunkNames: 'bundle-[hash]',
    // What has native parts, looks for files of its own, or is not loaded at the start.
    external: ['lmdb', 'pug', 'ioredis', 'prom-client', 'multer', 'hot-shots', 'autocannon', '@datadog/*'],
    plugins: [ownPlace(folder)],
    // Not minified: for an uncaught error, node prints the line that threw it.
    // For the modules in CommonJS that are in the bundle.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'warning',
  });
  if (warnings.length > 0) process.exitCode = 1;
}

/** A module that reads a file beside it finds that from the bundle too, which lies in `folder`. */
function ownPlace(folder: string): Plugin {
  const setup: Plugin['setup'] = ({ onLoad }) => {
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      if (!path.startsWith(realpathSync(out)) || !code.includes('import.meta.')) return undefined;
      const from = JSON.stringify(relative(resolve(folder), path));
      const contents = code
        .replaceAll('import.meta.url', `new URL(${from}, import.meta.url).href`)
        .replaceAll(
          'import.meta.dirname',
          `decodeURIComponent(new URL(${JSON.stringify(dirname(JSON.parse(from)))}, import.meta.url).pathname)`,
        );
      return { contents };
    });
  };
  return { name: 'own-place', setup };
}

/** Deletes the declarations that those of `program` do not lead to: nothing else has a public type. */
function keepTypesOf(program: string): void {
  const kept = new Set<string>();
  const keep = (file: string): void => {
    if (kept.has(file)) return;
    kept.add(file);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.ts['"]/g))
      keep(join(dirname(file), `${name}.d.ts`));
  };
  keep(join(out, program));
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    const file = join(out, name);
    if (name.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
  }
}

/** Each template as a module that exports a function, which takes the locals and returns HTML. */
function compileTemplates(folder: string): void {
  for (const name of readdirSync(folder)) {
    const options = { compileDebug: false, inlineRuntimeFunctions: true, doctype: 'html' };
    const code = pug.compileFileClient(join(folder, name), options);
    writeFileSync(join(out, folder, name.replace(/pug$/, 'cjs')), `${code}\nmodule.exports = template;\n`);
  }
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
