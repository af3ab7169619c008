// Kills workers and the whole app with SIGKILL while links are created, and looks for every link that was acknowledged.
import { once } from 'node:events';
import { childrenOf, output, type Program, startApp, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  '100 kills -9 of workers and of the whole app during creations: every acknowledged link is there, none is half-written';

const KILLS = 100;
// Often enough that the pause before a worker is replaced, which grows with each crash in a row, stays short.
const WHOLE_APP_EVERY = 4;
const CLIENTS = 8;
const CREATIONS_BETWEEN = 20;

/** Prints the counts. */
export async function run(): Promise<boolean> {
  const dataDir = tempFolder();
  let app = await startApp({ workers: 2, dataDir });
  const site = app.url;
  const port = Number(new URL(site).port);
  const acknowledged: string[] = [];
  let broken = 0;
  let going = true;
  const client = async (name: number): Promise<void> => {
    for (let i = 0; going; i += 1) {
      const code = `c${name}-${i}`;
      const body = JSON.stringify({ code, url: `https://example.org/${code}` });
      const headers = { 'content-type': 'application/json' };
      const status = await fetch(`${site}/api/links`, { method: 'POST', body, headers }).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 201) acknowledged.push(code);
      else broken += 1;
      // While nothing listens, refusals come faster than anything else could happen.
      if (status === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, name) => client(name));

  for (let turn = 1; turn <= KILLS; turn += 1) {
    const before = acknowledged.length;
    while (acknowledged.length < before + CREATIONS_BETWEEN) await new Promise((resolve) => setTimeout(resolve, 5));
    if (turn % WHOLE_APP_EVERY === 0) app = await killAll(app, () => startApp({ workers: 2, dataDir, port }));
    else process.kill(workerOf(app, turn), 'SIGKILL');
  }
  going = false;
  await Promise.all(clients);

  let missing = 0;
  for (const code of acknowledged) {
    const response = await fetch(`${site}/${code}`, { redirect: 'manual' });
    if (response.headers.get('location') !== `https://example.org/${code}`) missing += 1;
  }
  await app.stop();
  const stored = await exported(dataDir);
  const halfWritten = Object.entries(stored).filter(
    ([code, { url }]) => code.startsWith('c') && url !== `https://example.org/${code}`,
  );
  print(
    `${KILLS} kills (${KILLS / WHOLE_APP_EVERY} of the whole app), ${acknowledged.length} links acknowledged, ${broken} requests broken off`,
  );
  print(
    `${missing} acknowledged links missing, ${halfWritten.length} half-written, ${Object.keys(stored).length} stored`,
  );
  return missing === 0 && halfWritten.length === 0;
}

async function killAll(app: Program, restart: () => Promise<Program>): Promise<Program> {
  const exited = once(app.child, 'exit');
  for (const pid of app.pids()) kill(pid);
  await exited;
  return restart();
}

/** A worker that was about to start ends by itself when the primary process, the first of all, is gone. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function workerOf(app: Program, turn: number): number {
  const workers = childrenOf(app.child.pid ?? 0);
  return workers[turn % workers.length] ?? (app.child.pid as number);
}

async function exported(dataDir: string): Promise<Record<string, { url?: string }>> {
  const node = [process.execPath, '--import', 'tsx', 'app/server.ts', 'export'];
  return JSON.parse(await output('env', `DATA_DIR=${dataDir}`, ...node));
}
