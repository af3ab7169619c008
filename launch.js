// Runs a program of ours: from the build when no source is newer, else from the sources, which takes seconds longer to start.
// Plain JavaScript, because it comes before whatever could read TypeScript.
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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
