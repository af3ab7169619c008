// Whether dist/ was built from the sources as they are. Plain JavaScript, because it comes before whatever could read TypeScript.
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folders = ['app', 'commands', 'loadtest', 'model', 'monitors', 'reports'];
/** What `npm run build` leaves out. */
const notBuilt = ['test', 'example'];
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

function filesOf(folder) {
  return readdirSync(path(folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notBuilt.includes(entry.name) ? [] : filesOf(name);
    return [name];
  });
}

/** Whether each file has a counterpart in the build that is not older. */
export function isBuilt() {
  return ['cli.ts', 'urls.json', ...folders.flatMap(filesOf)].every((name) => {
    const built = statSync(path(`dist/${name.replace(/\.ts$/, '.js')}`), { throwIfNoEntry: false });
    return built !== undefined && built.mtimeMs >= statSync(path(name)).mtimeMs;
  });
}
