// Runs a program of ours: from the build when no source is newer, else from the sources, which takes seconds longer to start.
// Plain JavaScript, because it comes before whatever could read TypeScript.
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './is-built.js';

// What is imported here would show a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `headroom: Node ${process.versions.node} is too old. Install Node 20.19 or newer: https://nodejs.org/en/download\n`,
  );
  process.exit(2);
}

/** What loading has open at once: from the sources most. */
const fewestFiles = 160;
const allowed = allowedFiles();
if (allowed < fewestFiles) {
  process.stderr.write(
    `headroom: this shell allows ${allowed} open files, and ${fewestFiles} are needed. Raise the limit: ulimit -n 4096\n`,
  );
  process.exit(2);
}

/** The hard one, to which Node raises its own; endless where the platform does not say it. */
function allowedFiles() {
  try {
    const limit = /^Max open files +\S+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return Number(limit ?? Infinity);
  } catch {
    return Infinity;
  }
}

const [program = '', ...args] = process.argv.slice(2);
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The parent of a process, and its group; undefined when it is gone, or where there is no /proc. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent, group] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    return { parent: Number(parent), group };
  } catch {
    return undefined;
  }
}

/**
 * This process is in the background: a script has started us with &, or nohup has, and we go on when it ends or its terminal is closed. Both leave no stdin.
 * Where it is known to be CI, we end with the script: what a job has left would run on.
 */
function isDetached() {
  try {
    return !process.env.CI && readlinkSync('/proc/self/fd/0') === '/dev/null';
  } catch {
    return false;
  }
}

/** Who waits for us, the nearest first: npm's shell, npm, and for a command the script around it. A shell that one types at has a group of its own. */
function waiting() {
  const pids = [process.ppid];
  const { group } = parentOf(process.pid) ?? {};
  // In the background npm and its shell still wait for us: whoever ends npm means the run.
  const most = isDetached() ? 2 : Infinity;
  // The shortener may outlive the script that started it.
  while (program === 'cli' && group !== undefined && pids.length < most) {
    const next = parentOf(pids.at(-1))?.parent;
    if (!next || parentOf(next)?.group !== group) break;
    pids.push(next);
  }
  return pids;
}

/**
 * npm passes a SIGTERM on to its shell alone, which dies of it without a word to us, and nothing reaches us when the script around npm
 * is killed: we end in order when one of them is gone. A signal that reached us by itself is not given twice.
 */
function endWithShell() {
  const pids = waiting();
  const isThere = (pid, index) => (index === 0 ? process.ppid : parentOf(pids[index - 1])?.parent) === pid;
  let isSignalled = false;
  const watch = setInterval(() => {
    if (pids.every(isThere)) return;
    clearInterval(watch);
    // A signal that has arrived is heard before.
    setImmediate(() => isSignalled || process.kill(process.pid, 'SIGTERM'));
  }, 100).unref();
  const exitCodes = { SIGINT: 130, SIGTERM: 143, ...(program === 'cli' && { SIGHUP: 129 }) };
  for (const [signal, code] of Object.entries(exitCodes))
    process.once(signal, () => {
      isSignalled = true;
      clearInterval(watch);
      if (process.listenerCount(signal) === 0 && !(signal === 'SIGHUP' && isDetached())) process.exit(code);
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
