// The process entry: the only file of app/ that reads the environment, prints, and sets the exit code.
import { serve } from './serve.ts';
import { readSettings } from './settings.ts';
import { reportUsage } from './usage.ts';
import { UserError } from './user-error.ts';

const DRAIN_LIMIT_MS = 9_000;

try {
  await start();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  console.error(error.message);
  process.exit(2);
}

async function start(): Promise<void> {
  const serving = await serve(readSettings(process.env), console.error);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // A client that never finishes its request must not keep the process for ever.
    setTimeout(() => process.exit(0), DRAIN_LIMIT_MS).unref();
    await serving.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Whoever started this app over a channel has died: do not stay behind as an orphan.
  process.on('disconnect', stop);

  console.log(`The shortener listens on ${serving.url}`);
  process.send?.({ type: 'ready', url: serving.url, pid: process.pid, pids: [process.pid] });
  if (process.send) reportUsage((usage) => process.connected && process.send?.(usage));
}
