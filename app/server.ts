// The entry point: the only file of app/ that reads the command line and the environment, prints, and sets the exit code.
import cluster from 'node:cluster';
import { isatty } from 'node:tty';
import { parseArgs } from 'node:util';
import type { FromWorker, ToWorker } from './cluster/channel.ts';
import { DRAIN_LIMIT_MS } from './cluster/drain-limit.ts';
import type { Settings } from './settings.ts';
import { readSettings } from './settings.ts';
import { UserError } from './user-error.ts';

// A log on a full disk, or a pipe that was closed, must not end the app: Node emits the failure of a write here.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const log = (line: string): void => console.error(line);

const help = `npm start [-- <command>]

  (none)             Start the shortener.
  reload             Replace the workers of the running app one by one.
  export             Print all links as a urls.json, like: npm -s start -- export > links.json
  import URLS_FILE   Add the links of a urls.json.
    --files FOLDER   Where the files of its links are, if not beside it.
    --skip-invalid   Add the valid links and list the others.

Environment variables set the port, address, data folder and number of workers, and more: docs/shortener.md lists them.`;
const unknownCommand =
  'Unknown command. Run without one to start the app (PORT and other variables set it up), or use one of: reload, export, import URLS_FILE, --help.';

try {
  await (cluster.isWorker ? work(readSettings(process.env)) : command(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  // A worker has reported it to the primary process, which prints it once for all workers.
  if (cluster.isPrimary) log(error.message);
  process.exit(2);
}

async function command(args: string[]): Promise<void> {
  const { positionals, values } = parsed(args);
  const { help: wantsHelp, files: filesFolder, 'skip-invalid': skipInvalid = false } = values;
  if (wantsHelp) return console.log(help);
  const settings = readSettings(process.env);
  const [name, file, ...more] = positionals;
  if (args.length === 0) return run(settings);
  const { exportLinks, importLinks, reload } = await import('./cluster/maintain.ts');
  if (name === 'reload' && args.length === 1) return log(reload(settings));
  const isExport = name === 'export' && args.length === 1;
  const isImport = name === 'import' && file !== undefined && more.length === 0;
  const { isApart, runApart } = await import('./cluster/apart.ts');
  if ((isExport || isImport) && !settings.storeUrl && !isApart(process.env)) {
    process.exitCode = await runApart(settings.dataDir, process.argv.slice(1), process.env);
    return;
  }
  if (isExport) return exportLinks(settings, process.stdout, log);
  if (isImport) return importLinks(settings, file, { filesFolder, skipInvalid }, log);
  if (name === 'import') throw new UserError('Give import one file: npm start -- import URLS_FILE');
  throw new UserError(unknownCommand);
}

function parsed(args: string[]) {
  const options = {
    help: { type: 'boolean', short: 'h' },
    files: { type: 'string' },
    'skip-invalid': { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (cause) {
    throw new UserError(unknownCommand, { cause });
  }
}

async function run(settings: Settings): Promise<void> {
  const { refuseSecondApp, removePid, writePid } = await import('./cluster/pid-file.ts');
  if (!settings.sharesDataDir) refuseSecondApp(settings.dataDir);
  const { startPrimary } = await import('./cluster/primary.ts');
  const sendToParent = (message: object): void => {
    if (process.connected) process.send?.(message);
  };
  const sendReady = (url: string, pids: readonly number[]): void =>
    sendToParent({ type: 'ready', url, pid: process.pid, pids });

  const fleet = await startPrimary(settings, {
    onUsage: sendToParent,
    onChange: (pids) => sendReady(fleet.url, pids),
    log,
  });
  try {
    if (!settings.sharesDataDir) writePid(settings.dataDir);
  } catch (error) {
    log(`Cannot write the process id, so \`npm run reload\` will not work: ${(error as Error).message}`);
  }

  const stop = async (): Promise<void> => {
    removePid(settings.dataDir);
    await fleet.stop();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The parent that started this app over a channel has died: do not stay behind as an orphan.
  process.once('disconnect', stop);
  // It has died while this app was starting.
  if (process.connected === false) await stop();
  const terminals = [0, 1, 2].filter(isatty);
  process.on('SIGHUP', () => {
    // The terminal was closed, so this is no request to reload.
    if (terminals.length > 0 && !terminals.some(isatty)) {
      stop();
      return;
    }
    fleet.reload().then(
      (replaced) => replaced && log(`All workers were replaced. New process ids: ${fleet.pids().join(', ')}`),
      (error: Error) => log(`The reload failed, the remaining workers keep running: ${error.message}`),
    );
  });

  const size = fleet.pids().length;
  console.log(`The shortener is listening on ${fleet.url} with ${size} ${size === 1 ? 'worker' : 'workers'}`);
  sendReady(fleet.url, fleet.pids());
}

async function work(settings: Settings): Promise<void> {
  const { runWorker } = await import('./cluster/worker.ts');
  const { loadStore } = await import('./links/open-store.ts');
  await loadStore(settings);
  const send = (message: FromWorker): void => {
    // This fails when the primary process has died; 'disconnect' reports that, perhaps later.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  const onMessage = (listener: (message: ToWorker) => void): void => {
    process.on('message', (message) => listener(message as ToWorker));
  };
  const start = new Promise<boolean>((resolve) => {
    onMessage((message) => {
      if (message.type !== 'start') return;
      // From here on there may be a write. When the primary process dies, Node would end this process in the middle of the
      // write, whose thread would then wait indefinitely.
      cluster.worker?.once('disconnect', () => {
        if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
        // A worker that does not listen yet waits for an answer of the dead primary process.
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
  // A terminal and systemd send these to the whole process group; the primary process decides for its workers.
  process.on('SIGHUP', () => {});
  process.on('SIGINT', () => {});
  process.once('SIGTERM', stop);
}
