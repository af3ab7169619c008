// The process entry: the only file of app/ that reads argv and the environment, prints, and sets the exit code.
import cluster from 'node:cluster';
import type { FromWorker, ToWorker } from './cluster/channel.ts';
import { DRAIN_LIMIT_MS } from './cluster/drain-limit.ts';
import type { Settings } from './settings.ts';
import { readSettings } from './settings.ts';
import { UserError } from './user-error.ts';

const log = (line: string): void => console.error(line);

try {
  const settings = readSettings(process.env);
  if (cluster.isWorker) await work(settings);
  else await command(process.argv.slice(2), settings);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  // The primary process has been told and says it once for all workers.
  if (cluster.isPrimary) log(error.message);
  process.exit(2);
}

async function command([name, file, ...more]: string[], settings: Settings): Promise<void> {
  if (name === undefined) return run(settings);
  const { exportLinks, importLinks, reload } = await import('./cluster/maintain.ts');
  if (name === 'reload' && file === undefined) return log(reload(settings));
  if (name === 'export' && file === undefined) return exportLinks(settings, process.stdout, log);
  if (name === 'import' && file !== undefined && more.length === 0) return importLinks(settings, file, log);
  throw new UserError('Unknown command. Start the app without one, or with: reload | export | import URLS_FILE');
}

async function run(settings: Settings): Promise<void> {
  const { startPrimary } = await import('./cluster/primary.ts');
  const tellParent = (message: object): void => {
    if (process.connected) process.send?.(message);
  };
  const tellReady = (url: string, pids: readonly number[]): void =>
    tellParent({ type: 'ready', url, pid: process.pid, pids });

  const fleet = await startPrimary(settings, {
    onUsage: tellParent,
    onChange: (pids) => tellReady(fleet.url, pids),
    log,
  });
  const { notePid, removePid } = await import('./cluster/pid-file.ts');
  try {
    notePid(settings.dataDir);
  } catch (error) {
    log(`\`npm run reload\` will not find this app: ${(error as Error).message}`);
  }

  const stop = async (): Promise<void> => {
    removePid(settings.dataDir);
    await fleet.stop();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Whoever started this app over a channel has died: do not stay behind as an orphan.
  process.once('disconnect', stop);
  process.on('SIGHUP', () => {
    fleet.reload().then(
      (replaced) => replaced && log(`The workers have been replaced: ${fleet.pids().join(', ')}`),
      (error: Error) => log(`The reload stopped, the old workers go on: ${error.message}`),
    );
  });

  const { size, word } = { size: fleet.pids().length, word: fleet.pids().length === 1 ? 'worker' : 'workers' };
  console.log(`The shortener listens on ${fleet.url} with ${size} ${word}`);
  tellReady(fleet.url, fleet.pids());
}

async function work(settings: Settings): Promise<void> {
  const { runWorker } = await import('./cluster/worker.ts');
  const { loadStore } = await import('./links/open-store.ts');
  await loadStore(settings);
  const send = (message: FromWorker): void => {
    // That the primary process has died is told by 'disconnect', which may come after this fails.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const onMessage = (listener: (message: ToWorker) => void): void => {
    process.on('message', (message) => listener(message as ToWorker));
  };
  const start = new Promise<boolean>((resolve) => {
    onMessage((message) => {
      if (message.type !== 'start') return;
      // From here on there may be a write. Node would end this process in the middle of it when the primary one has died, and the write's
      // thread would wait for ever.
      cluster.worker?.once('disconnect', () => {
        if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
        // One that did not yet listen waits for an answer of the dead one.
        setTimeout(() => process.kill(process.pid, 'SIGKILL'), DRAIN_LIMIT_MS + 500).unref();
      });
      resolve(message.prepare);
    });
  });
  send({ type: 'loaded' });
  const worker = await runWorker(settings, { send, onMessage, log }, await start);

  const stop = async (): Promise<void> => {
    await worker.stop();
    process.exit(0);
  };
  onMessage((message) => message.type === 'drain' && stop());
  process.once('disconnect', stop);
  if (!process.connected) await stop();
  // A terminal and systemd send these to the whole group; the primary process decides what they mean for its workers.
  process.on('SIGHUP', () => {});
  process.on('SIGINT', () => {});
  process.once('SIGTERM', stop);
}
