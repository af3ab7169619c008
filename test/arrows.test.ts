// The import arrows of the design: who may know whom.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Folder -> folders that it may import from, besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  app: [],
  model: [],
  loadtest: ['model'],
  monitors: ['model'],
  reports: ['model'],
  commands: ['loadtest', 'model', 'monitors', 'reports'],
  'cli.ts': ['commands', 'model'],
  'api.ts': ['commands', 'model', 'reports'],
  'build.ts': [],
};

/** The rooms of each folder, from the ground up: each imports only what stands before it, and itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  app: ['user-error.ts', 'links', 'telemetry', 'settings.ts', 'http', 'cluster', 'server.ts'],
  loadtest: ['messages.ts', 'walks', 'profiles', 'replay', 'engines', 'generators', 'target', 'emulation', 'run'],
  monitors: [
    'messages.ts',
    'collectors',
    'query',
    'spec',
    'definitions',
    'datadog',
    'otlp',
    'plan',
    'export',
    'backtest',
    'drill',
  ],
  reports: [
    'format',
    'series',
    'schema',
    'measured',
    'traffic',
    'sizing',
    'recorded',
    'verdict',
    'comparison',
    'messages',
    'charts',
    'tables',
    'render',
    'live',
    'sizing-file.ts',
    'open-run.ts',
    'write.ts',
  ],
  commands: ['messages.ts', 'cli', 'datadog', 'report', 'size', 'stress', 'run.ts'],
};

/** The same one level further down: the rooms of what has many files. Other files of it may stand beside them. */
const innerRooms: Readonly<Record<string, readonly string[]>> = {
  model: ['catalogue', 'credits', 'latency', 'stage', 'stage-kinds', 'access-log', 'recorded'],
  'loadtest/engines': ['timing', 'http', 'walks'],
  'monitors/collectors': ['proc', 'observed'],
  'reports/sizing': ['demand', 'rates', 'fits'],
  'reports/charts': ['drawing'],
  'commands/stress': ['flags', 'options', 'run', 'plan', 'outcome'],
};

/** Arrows against the order that are still to be turned round; none may be added. */
const upward: readonly string[] = [];

/** One file per outside world: the only files that may import it. */
const soleImporter: Readonly<Record<string, string>> = {
  autocannon: 'loadtest/engines/closed.ts',
  '@datadog/datadog-api-client': 'monitors/datadog/datadog.ts',
  '@opentelemetry/exporter-metrics-otlp-proto': 'monitors/otlp/otlp.ts',
};

function sources(path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return path.endsWith('.ts') ? [path] : [];
  return readdirSync(join(root, path)).flatMap((name) => (name === 'test' ? [] : sources(join(path, name))));
}

function imports(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g,
    ),
  ].map((match) => (match[1] ?? match[2]) as string);
}

const files = Object.keys(mayImport).flatMap(sources);
const arrows = files.flatMap((file) =>
  imports(file)
    .filter((name) => name.startsWith('.') && name.endsWith('.ts'))
    .map((name) => ({ file, to: normalize(join(dirname(file), name)) })),
);

describe('imports', () => {
  test('there are files in every folder, and arrows between them', () => {
    for (const folder of Object.keys(mayImport)) expect(sources(folder).length).toBeGreaterThan(0);
    expect(arrows.length).toBeGreaterThan(files.length);
  });

  test('go only where the design lets them', () => {
    const folderOf = (file: string) => file.split('/')[0] as string;
    const wrong = arrows.filter(
      ({ file, to }) => folderOf(file) !== folderOf(to) && !mayImport[folderOf(file)]?.includes(folderOf(to)),
    );
    expect(wrong).toEqual([]);
  });

  test('every source of a folder with rooms stands in one of them', () => {
    const outside = Object.entries(rooms).flatMap(([folder, order]) =>
      sources(folder).filter((file) => !order.includes(file.split('/')[1] as string)),
    );
    expect(outside).toEqual([]);
  });

  test('docs/architecture.md describes these rooms, in this order', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    for (const [folder, order] of Object.entries(rooms)) {
      const section = page.split(`\n### ${folder}\n`)[1]?.split(/\n#/)[0] ?? '';
      const described = [...section.matchAll(/^- `([^`]+)`/gm)].map((match) => match[1]);
      expect({ folder, described }).toEqual({ folder, described: order });
    }
    for (const file of Object.values(soleImporter)) expect(page).toContain(`\`${file}\``);
  });

  test('a room imports only rooms below it', () => {
    const wrong = arrows.flatMap(({ file, to }) => {
      const [folder = '', room = ''] = file.split('/');
      const [toFolder, toRoom = ''] = to.split('/');
      const order = rooms[folder];
      return order && folder === toFolder && order.indexOf(toRoom) > order.indexOf(room) ? [`${file} -> ${to}`] : [];
    });
    expect(wrong.sort()).toEqual(upward);
  });

  test('so do the rooms inside of it, which docs/architecture.md describes below it', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    for (const [folder, order] of Object.entries(innerRooms)) {
      const place = (path: string) =>
        path.startsWith(`${folder}/`) ? order.indexOf(path.slice(folder.length + 1).split('/')[0] as string) : -1;
      const wrong = arrows.filter(({ file, to }) => place(file) >= 0 && place(to) > place(file));
      expect(wrong).toEqual([]);
      expect(order.filter((room) => !statSync(join(root, folder, room)).isDirectory())).toEqual([]);
      const described = page.split(`\n- \`${folder}\`: `)[1]?.split('\n')[0] ?? '';
      expect([...described.matchAll(/`([^`]+)`/g)].map((match) => match[1])).toEqual(order);
    }
  });

  test('form no cycle', () => {
    const next = new Map(
      files.map((file) => [file, arrows.filter((arrow) => arrow.file === file).map((arrow) => arrow.to)]),
    );
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(done.size).toBe(files.length);
  });

  test('of an outside world stand in one file', () => {
    for (const [world, only] of Object.entries(soleImporter)) {
      const importers = files.filter((file) =>
        imports(file).some((name) => name === world || name.startsWith(`${world}/`)),
      );
      expect({ world, importers: importers.filter((file) => file !== only) }).toEqual({ world, importers: [] });
    }
  });

  test('model reads no clock, no network and no disk but in run-folder.ts and write-run.ts', () => {
    const outside = /^node:(fs|net|http|https|child_process|dns|os)/;
    const wrong = sources('model').filter(
      (file) =>
        !['model/run-folder.ts', 'model/write-run.ts'].includes(file) &&
        imports(file).some((name) => outside.test(name)),
    );
    expect(wrong).toEqual([]);
    const clocks = sources('model').filter((file) =>
      /Date\.now\(|new Date\(\)|performance\.now/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(clocks).toEqual([]);
  });

  test('only cli.ts, api.ts and app/server.ts read the command line and the environment, and set the exit code', () => {
    const entries = ['cli.ts', 'api.ts', 'app/server.ts', 'build.ts'];
    const wrong = files
      .filter((file) => !entries.includes(file))
      .filter((file) => /process\.(argv|env|exitCode)\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong.map((file) => relative('.', file))).toEqual([]);
  });
});
