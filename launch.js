// Runs a program of ours: from the build when no source is newer, else from the sources, which takes seconds longer to start.
// Plain JavaScript, because it comes before whatever could read TypeScript.
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// What is imported here would show a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `headroom: Node ${process.versions.node} is too old. Install Node 20.19 or newer: https://nodejs.org/en/download\n`,
  );
  process.exit(2);
}

const folders = ['app', 'commands', 'loadtest', 'model', 'monitors', 'reports'];
/** What `npm run build` leaves out. */
const notBuilt = ['test', 'example'];
const [program = '', ...args] = process.argv.slice(2);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

function filesOf(folder) {
  return readdirSync(path(folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notBuilt.includes(entry.name) ? [] : filesOf(name);
    return [name];
  });
}

/** Whether each file has a counterpart in the build that is not older. */
function isBuilt() {
  return ['cli.ts', 'urls.json', ...folders.flatMap(filesOf)].every((name) => {
    const built = statSync(path(`dist/${name.replace(/\.ts$/, '.js')}`), { throwIfNoEntry: false });
    return built !== undefined && built.mtimeMs >= statSync(path(name)).mtimeMs;
  });
}

/**
 * npm passes a SIGTERM on to its shell alone, which dies of it without a word to us: we end in order when it is gone. A signal
 * that reached us by itself is not given twice.
 */
function endWithShell() {
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 100).unref();
  process.once('SIGTERM', () => {
    clearInterval(watch);
    if (process.listenerCount('SIGTERM') === 0) process.exit(143);
  });
}

// Only under a script of ours: what npm started otherwise (tests, benches) may outlive its parent.
if (process.env.npm_lifecycle_script?.startsWith('node launch.js')) endWithShell();

// What is run sees the command line that it would see if it had been started itself: node:cluster starts workers by it.
const built = isBuilt();
const file = built ? `dist/${program}.js` : `${program}.ts`;
if (!built) {
  const loader = import.meta.resolve('tsx');
  process.execArgv.push('--import', loader);
  await import(loader);
}
process.argv = [process.argv[0], path(file), ...args];
await import(`./${file}`);
