// `npm test [-- FILES]`: lint, types, build, all tests. The last line counts what Jest's own record says; test-results/junit.xml
// is the same for a build server.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { type JestRecord, mergeJestRecords, renderJestJunit } from './junit.ts';

function run(title: string, program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): boolean {
  process.stdout.write(`\n== ${title}\n`);
  const { status, error } = spawnSync(process.execPath, [program, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) throw error;
  return status === 0;
}

function runTests(title: string, args: readonly string[]): { readonly passed: boolean; readonly record: JestRecord } {
  const recordFile = join(folder, 'jest.json');
  rmSync(recordFile, { force: true });
  const passed = run(title, 'node_modules/jest/bin/jest.js', ['--json', `--outputFile=${recordFile}`, ...args], {
    NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
  });
  return { passed, record: JSON.parse(readFileSync(recordFile, 'utf8')) };
}

const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'));
const lint = run('lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
const types = run('types', 'node_modules/typescript/bin/tsc', ['--noEmit']);
// The tests start programs as users do: from the build, when it is as new as the sources.
const built = run('build', 'node_modules/tsx/dist/cli.mjs', ['build.ts']);
const chosen = process.argv.slice(2);
const measuring = '/loadtest/test/';
const passes =
  chosen.length > 0
    ? [runTests('tests', ['--maxWorkers=1', ...chosen])]
    : [
        // What checks times by the millisecond has the machine to itself.
        runTests('tests of what measures', ['--maxWorkers=1', measuring]),
        runTests('tests', [
          '--maxWorkers=2',
          '--testPathIgnorePatterns=/node_modules/',
          `--testPathIgnorePatterns=${measuring}`,
        ]),
      ];
const record = mergeJestRecords(passes.map((pass) => pass.record));
const passed = passes.every((pass) => pass.passed);
rmSync(folder, { recursive: true });
mkdirSync('test-results', { recursive: true });
writeFileSync(join('test-results', 'junit.xml'), renderJestJunit(record, process.cwd() + sep));

const skipped = record.testResults.flatMap((file) =>
  file.assertionResults.filter((each) => each.status === 'pending' || each.status === 'todo'),
);
for (const each of skipped) process.stdout.write(`skipped: ${each.fullName}\n`);
if (skipped.length > 0)
  process.stdout.write(
    'A skipped test misses a program: npm run test:setup installs it. With CI=true that is a failure.\n',
  );
if (!lint) process.stdout.write('lint failed: npm run format mends most of it\n');
if (!types) process.stdout.write('types failed\n');
if (!built) process.stdout.write('the build failed\n');
const failed = Math.max(record.numFailedTests, record.numFailedTestSuites);
const good = lint && types && built && passed && record.numPassedTests > 0 && (skipped.length === 0 || !process.env.CI);
process.exitCode = good ? 0 : 1;
process.stdout.write(`${record.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
