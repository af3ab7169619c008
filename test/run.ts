// `npm test`: lint, types, build, all tests. `npm test -- FILES`: the build and these tests alone. The last line is counted from Jest's
// own record; test-results/junit.xml holds the same for a build server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { isBuilt } from '../is-built.js';
import { type JestRecord, mergeJestRecords, renderJestJunit } from './junit.ts';

/** What times by the millisecond: it has the machine to itself. Everything else waits part of its time: a file more than there are cores runs. */
const measuring = '/loadtest/test/(emulation|generators|engines/(?!.*-outcomes))|/stress/awake-host';

/** Whether the program exits with 0. What it says is printed at its end, under its title. */
async function check(title: string, program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const [code] = await once(child, 'close');
  process.stdout.write(`\n== ${title}\n${said}`);
  return code === 0;
}

async function runTests(title: string, args: readonly string[]): Promise<{ passed: boolean; record: JestRecord }> {
  process.stdout.write(`\n== ${title}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'headroom-test-'));
  const recordFile = join(folder, 'jest.json');
  const jest = ['node_modules/jest/bin/jest.js', '--json', `--outputFile=${recordFile}`, ...args];
  const nodeOptions = '--experimental-vm-modules --no-warnings=ExperimentalWarning';
  const child = spawn(process.execPath, jest, {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
  });
  const [code] = await once(child, 'exit');
  const record = JSON.parse(readFileSync(recordFile, 'utf8'));
  rmSync(folder, { recursive: true });
  return { passed: code === 0, record };
}

const chosen = process.argv.slice(2);
const isWhole = chosen.length === 0;
const [lint, types, built] = await Promise.all([
  !isWhole || check('lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
  !isWhole || check('types', 'node_modules/typescript/bin/tsc', ['--noEmit']),
  // The tests start programs as users do: from the build, when it is as new as the sources. A pipeline has built already.
  isBuilt() || check('build', 'node_modules/tsx/dist/cli.mjs', ['build.ts']),
]);
const passes = isWhole
  ? [
      await runTests('tests that measure', ['--maxWorkers=1', measuring]),
      await runTests('tests', [
        `--maxWorkers=${availableParallelism() + 1}`,
        '--testPathIgnorePatterns=/node_modules/',
        `--testPathIgnorePatterns=${measuring}`,
      ]),
    ]
  : [await runTests('tests', ['--maxWorkers=1', ...chosen])];
const record = mergeJestRecords(passes.map((pass) => pass.record));
const passed = passes.every((pass) => pass.passed);
mkdirSync('test-results', { recursive: true });
writeFileSync(join('test-results', 'junit.xml'), renderJestJunit(record, process.cwd() + sep));

const skipped = record.testResults.flatMap((file) =>
  file.assertionResults.filter((each) => each.status === 'pending' || each.status === 'todo'),
);
for (const each of skipped) process.stdout.write(`skipped: ${each.fullName}\n`);
if (skipped.length > 0)
  process.stdout.write(
    'Tests are skipped when a system tool is missing: run npm run test:setup. With CI=true that is a failure.\n',
  );
if (!lint) process.stdout.write('lint failed: npm run format fixes most findings\n');
if (!types) process.stdout.write('types failed\n');
if (!built) process.stdout.write('the build failed\n');
const failed = Math.max(record.numFailedTests, record.numFailedTestSuites);
const good = lint && types && built && passed && record.numPassedTests > 0 && (skipped.length === 0 || !process.env.CI);
process.exitCode = good ? 0 : 1;
process.stdout.write(`${record.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`);
