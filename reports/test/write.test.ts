import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../model/user-error.ts';
import { reportSchema } from '../schema/report.ts';
import { writeReport } from '../write.ts';
import { fixture, situations } from './fixture.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headroom-report-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('writeReport', () => {
  test('writes into report/ of the run folder', async () => {
    cpSync(fixture('complete'), dir, { recursive: true });
    const { reportDir, judged } = await writeReport(dir);
    expect(reportDir).toBe(join(dir, 'report'));
    expect(judged.verdict).toBe('pass');
    expect(readdirSync(reportDir)).toEqual(
      expect.arrayContaining(['index.html', 'junit.xml', 'report.css', 'report.json', 'report.md']),
    );
  });

  test.each(situations)('report.json of %s fits its schema and holds no NaN or null', async (situation) => {
    await writeReport(fixture(situation), dir);
    const text = readFileSync(join(dir, 'report.json'), 'utf8');
    expect(() => reportSchema.parse(JSON.parse(text))).not.toThrow();
    expect(text).not.toMatch(/\bnull\b|NaN/);
  });

  test.each(situations)('the page of %s shows no NaN, undefined or Infinity', async (situation) => {
    await writeReport(fixture(situation), dir);
    expect(readFileSync(join(dir, 'index.html'), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  });

  // In a process of its own: under /proc, Node's recursive mkdir never returns, and no time-out of a test ends it.
  test('a folder under /proc is refused, and not waited for', () => {
    const script = `const { writeReport } = await import('${new URL('../write.ts', import.meta.url).href}');
      await writeReport(process.argv[1], '/proc/nowhere/report').catch((error) => console.log(error.message));`;
    const words = ['--import', 'tsx', '--input-type=module', '-e', script, fixture('complete')];
    const { stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000, killSignal: 'SIGKILL' });
    expect(stdout).toBe(
      'the report cannot be written to /proc/nowhere/report (ENOENT): give a writable folder with --out\n',
    );
  }, 90_000);

  test('a folder that cannot be written is the user’s mistake, and nothing is half written', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    await expect(writeReport(fixture('complete'), join(file, 'report'))).rejects.toThrow(UserError);
    await expect(writeReport(fixture('complete'), join(file, 'report'))).rejects.toThrow(
      /cannot be written to .*--out/,
    );
  });

  test('a threshold that does not parse writes nothing', async () => {
    cpSync(fixture('complete'), dir, { recursive: true });
    const path = join(dir, 'run.json');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('errors.rate < 1%', 'errors.rat < 1%'));
    await expect(writeReport(dir)).rejects.toThrow(/Did you mean errors.rate/);
    expect(existsSync(join(dir, 'report'))).toBe(false);
  });

  test('a folder that is no run is named', async () => {
    await expect(writeReport(dir)).rejects.toThrow(/is not a run folder/);
  });
});
