// The shortener with a million links against itself with ten.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, startApp, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';
import { luaScript, requestsPerS } from './wrk.ts';

export const claim = 'a million links: redirects >= 0.95 of those with ten, RSS of a worker < 150 MB without the map';

const links = 1_000_000;
const rounds = 5;
const tenCodes = `local paths, i = {"/go", "/yoo", "/nick", "/nike", "/wiki", "/node", "/ec2"}, 0
  function request() i = i % #paths + 1 return wrk.format("GET", paths[i]) end\n`;
const anyCode = `function request() return wrk.format("GET", "/n" .. math.random(0, ${links - 1})) end\n`;

/** Prints the table and the ratios. */
export async function run(): Promise<boolean> {
  const server = buildApp();
  const [few, many] = [tempFolder(), tempFolder()];
  importLinks(server, many);
  const ten = await startApp({ workers: 1, cores: '0', dataDir: few, server });
  const million = await startApp({ workers: 1, cores: '0', dataDir: many, server });
  const [same, any] = [luaScript(tenCodes), luaScript(anyCode)];
  const rates = await inTurn(rounds, {
    'ten: the same ten codes': () => requestsPerS(`${ten.url}/`, { cores: '1', script: same }),
    'million: the same ten codes': () => requestsPerS(`${million.url}/`, { cores: '1', script: same }),
    'million: any of a million': () => requestsPerS(`${million.url}/`, { cores: '1', script: any }),
  });
  const status = readFileSync(`/proc/${million.pids().at(-1)}/status`, 'utf8');
  const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  for (const app of [ten, million]) await app.stop();

  for (const [name, values] of Object.entries(rates))
    print(`${name.padEnd(28)} ${median(values).toFixed(0).padStart(6)} req/s`);
  const base = rates['ten: the same ten codes'];
  const ratio = medianRatio(rates['million: the same ten codes'], base);
  const ofAny = medianRatio(rates['million: any of a million'], base);
  print(`${ratio.toFixed(3)} with a million stored, ${ofAny.toFixed(3)} when all of them are asked for`);
  print(`worker: ${mb('RssAnon').toFixed(0)} MB of its own, ${mb('RssFile').toFixed(0)} MB mapped files`);
  return ratio >= 0.95 && mb('RssAnon') < 150;
}

function importLinks(server: string, dataDir: string): void {
  const file = join(dataDir, 'million.json');
  const lines = Array.from({ length: links }, (_, i) => `"n${i}":{"url":"https://example.org/some/page/${i}"}`);
  writeFileSync(file, `{${lines.join(',\n')}}`);
  const env = { ...process.env, DATA_DIR: dataDir };
  execFileSync(process.execPath, [server, 'import', file], { env, stdio: 'inherit' });
}
