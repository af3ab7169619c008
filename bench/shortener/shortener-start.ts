// From the start of the shortener's process until it has said that it is ready, beside a Node process that does nothing.
import { buildApp, output, startApp, tempFolder } from '../program.ts';
import { inTurn, median, print } from '../rounds.ts';

export const claim =
  'the built shortener is ready < 500 ms after its start, with one and with two workers; medians of 9';

const starts = 9;

/** Prints the table. */
export async function run(): Promise<boolean> {
  const [dataDir, server] = [tempFolder(), buildApp()];
  const started = async (options: { readonly workers: number; readonly server?: string }) => {
    const app = await startApp({ dataDir, ...options });
    await app.stop();
    return app.startMs;
  };
  const taken = await inTurn(starts, {
    'node -e 0': async () => {
      const beforeMs = performance.now();
      await output(process.execPath, '-e', '0');
      return performance.now() - beforeMs;
    },
    'built, 1 worker': () => started({ workers: 1, server }),
    'built, 2 workers': () => started({ workers: 2, server }),
    'sources by tsx, 1 worker': () => started({ workers: 1 }),
  });
  for (const [name, times] of Object.entries(taken)) {
    const all = times.map((ms) => ms.toFixed(0)).join(', ');
    print(`${name.padEnd(26)} ${median(times).toFixed(0).padStart(5)} ms (${all})`);
  }
  return median(taken['built, 1 worker']) < 500 && median(taken['built, 2 workers']) < 500;
}
