// The shortener with a million links against itself with ten.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './build.ts';
import { median, type Program, startApp, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim = 'a million links: redirects >= 0.95 of those with ten, RSS of a worker < 150 MB without the map';

const LINKS = 1_000_000;
const ROUNDS = 5;

/** Prints the table and the ratios. */
export async function run(): Promise<boolean> {
  const server = buildApp();
  const [few, many] = [tempFolder(), tempFolder()];
  importLinks(server, many);
  const start = (dataDir: string) => startApp({ workers: 1, cores: '0', dataDir, server });

  const apps = { ten: await start(few), million: await start(many) };
  const loads = [
    {
      name: 'the same ten codes',
      script: script(['go', 'yoo', 'nick', 'nike', 'wiki', 'node', 'ec2']),
      on: ['ten', 'million'],
    },
    { name: 'any of a million', script: anyScript(), on: ['million'] },
  ] as const;
  const rates = new Map<string, number[]>();
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { name, script: path, on } of loads) {
      for (const app of on) {
        const { requestsPerS, failures } = await wrk(`${apps[app].url}/`, { cores: '1', script: path });
        if (failures > 0) throw new Error(`${failures} requests failed`);
        const key = `${app}: ${name}`;
        // The first round warms up.
        if (round > 0) rates.set(key, [...(rates.get(key) ?? []), requestsPerS]);
      }
    }
  }
  const memory = memoryOf(apps.million);
  for (const app of Object.values(apps)) await app.stop();

  for (const [name, values] of rates)
    console.log(`   ${name.padEnd(28)} ${median(values).toFixed(0).padStart(6)} req/s`);
  const base = rates.get('ten: the same ten codes') ?? [];
  const ratioOf = (name: string): number =>
    median((rates.get(name) ?? []).map((rate, at) => rate / (base[at] ?? Number.NaN)));
  const [same, any] = [ratioOf('million: the same ten codes'), ratioOf('million: any of a million')];
  console.log(`   ${same.toFixed(3)} with a million stored, ${any.toFixed(3)} when all of them are asked for`);
  console.log(`   worker: ${memory.privateMb.toFixed(0)} MB of its own, ${memory.mappedMb.toFixed(0)} MB mapped files`);
  return same >= 0.95 && memory.privateMb < 150;
}

function importLinks(server: string, dataDir: string): void {
  const file = join(dataDir, 'million.json');
  const lines = Array.from({ length: LINKS }, (_, i) => `"n${i}":{"url":"https://example.org/some/page/${i}"}`);
  writeFileSync(file, `{${lines.join(',\n')}}`);
  execFileSync(process.execPath, [server, 'import', file], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: 'inherit',
  });
}

function script(codes: readonly string[]): string {
  const path = join(tempFolder(), 'codes.lua');
  const list = codes.map((code) => `"/${code}"`).join(', ');
  writeFileSync(
    path,
    `local paths, i = {${list}}, 0\nfunction request() i = i % #paths + 1 return wrk.format("GET", paths[i]) end\n`,
  );
  return path;
}

function anyScript(): string {
  const path = join(tempFolder(), 'any.lua');
  writeFileSync(path, `function request() return wrk.format("GET", "/n" .. math.random(0, ${LINKS - 1})) end\n`);
  return path;
}

function memoryOf(app: Program): { privateMb: number; mappedMb: number } {
  const status = readFileSync(`/proc/${app.pids().at(-1)}/status`, 'utf8');
  const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { privateMb: mb('RssAnon'), mappedMb: mb('RssFile') };
}
