import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readLines, readObserved, readRun } from '../run-folder.ts';
import type { Line, StageLine } from '../second.ts';
import { UserError } from '../user-error.ts';
import { createRunFolder, replaceFile } from '../write-run.ts';
import { makeRun } from './make-run.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const line: StageLine = {
  kind: 'stage',
  stage: 0,
  name: 'at rest',
  stageKind: 'idle',
  role: 'idle',
  startedAt: '2026-01-01T00:00:00.000Z',
};

const run = makeRun({ status: 'running', validity: { verdict: 'inconclusive', reasons: [] } });

async function all(dir: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const each of readLines(dir)) lines.push(each);
  return lines;
}

describe('run folder', () => {
  test('a line is on disk as soon as it is appended', async () => {
    const folder = createRunFolder(out, 'a');
    folder.append(line);
    folder.append({ ...line, stage: 1 });
    expect(await all(folder.dir)).toEqual([line, { ...line, stage: 1 }]);
    folder.close();
  });

  test('lines of one kind are read without the others', async () => {
    const folder = createRunFolder(out, 'a');
    const end: Line = {
      kind: 'stage-end',
      stage: 0,
      generator: 0,
      finishedAt: line.startedAt,
      routeLatencyUs: {},
      errors: {},
    };
    folder.append(line);
    folder.append(end);
    folder.close();
    const ends: Line[] = [];
    for await (const each of readLines(folder.dir, 'stage-end')) ends.push(each);
    expect(ends).toEqual([end]);
  });

  test('run.json is replaced as a whole, and leaves no temporary file', () => {
    const folder = createRunFolder(out, 'a');
    folder.writeRun(run);
    folder.writeRun({ ...run, status: 'complete' });
    folder.close();
    expect(readRun(folder.dir).status).toBe('complete');
    expect(readdirSync(folder.dir).sort()).toEqual(['run.json', 'seconds.jsonl']);
  });

  test('a last line that was cut off in the middle is left out', async () => {
    const folder = createRunFolder(out, 'a');
    folder.append(line);
    folder.close();
    appendFileSync(join(folder.dir, 'seconds.jsonl'), '{"kind":"load","sta');
    expect(await all(folder.dir)).toEqual([line]);
  });

  test('a broken line in the middle is named', async () => {
    const folder = createRunFolder(out, 'a');
    folder.close();
    writeFileSync(join(folder.dir, 'seconds.jsonl'), `{"kind":\n${JSON.stringify(line)}\n`);
    await expect(all(folder.dir)).rejects.toThrow(/seconds\.jsonl line 1 is not JSON/);
  });

  test('a wrong field is named, with its line or file', async () => {
    const folder = createRunFolder(out, 'a');
    folder.append({ ...line, stage: -1 });
    folder.close();
    await expect(all(folder.dir)).rejects.toThrow(/line 1: field stage/);
    replaceFile(join(folder.dir, 'run.json'), JSON.stringify({ ...run, target: { ...run.target, url: 5 } }));
    expect(() => readRun(folder.dir)).toThrow(/run\.json: field target\.url/);
  });

  test('the same id twice, a folder without a run, an unwritable place: the user is told', () => {
    createRunFolder(out, 'a').close();
    expect(() => createRunFolder(out, 'a')).toThrow(UserError);
    expect(() => readRun(join(out, 'nowhere'))).toThrow(/is not a run folder/);
    expect(readObserved(join(out, 'a'))).toBeUndefined();
    writeFileSync(join(out, 'file'), '');
    expect(() => createRunFolder(join(out, 'file'), 'b')).toThrow(/choose a writable folder with --out/);
  });
});
