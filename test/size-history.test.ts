// `headroom size history` as a user meets it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { fortnight, makeFiles } from '../model/test/recorded/make-files.ts';
import { headroom, headroomHere } from './headroom.ts';

const folder = mkdtempSync(join(tmpdir(), 'history-'));
const out = join(folder, 'page');

afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const files = Object.entries(makeFiles(fortnight(600), 600)).map(([name, text]) => file(name, text));
const cpu = join(folder, 'get-metric-statistics.json');

test('the verdict is the same JSON for several formats, and a page beside it', async () => {
  const documents = [];
  // All are compared in reports/test/recorded: here the first is a process.
  for (const [index, path] of files.slice(0, 3).entries()) {
    const { stdout, code } = await (index === 0 ? headroom : headroomHere)([
      'size',
      'history',
      path,
      '--of',
      't2.medium',
      '--on',
      't2.micro,t2.nano',
      '--json',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    documents.push(JSON.parse(stdout));
  }
  const [first] = documents;
  expect(first.history).toMatchObject({ of: 't2.medium', intervalS: 600, points: 2016, gaps: [] });
  expect(first.instances[0]).toMatchObject({
    instanceType: 't2.micro',
    verdict: 'fits',
    throttledHours: 0,
    surplusUsd: 0,
  });
  expect(first.instances[1]).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'credits', throttledHours: 145.8142 });
  for (const { instances } of documents) expect(instances).toEqual(first.instances);
  expect(statSync(join(out, 'index.html')).size).toBeLessThan(250_000);
  expect(existsSync(join(out, 'report.css'))).toBe(true);
});

test.each([
  [['nowhere.json', '--of', 't2.medium'], 'nowhere.json does not exist: check the path'],
  [[folder, '--of', 't2.medium'], 'is a directory. Give a file, or a pattern like'],
  [[cpu], 'name the instance type that was recorded, like --of t2.medium'],
  [[cpu, '--of', 't2.mega'], '"t2.mega" is not an instance type'],
  [[], 'give a file of recorded CPU'],
  [['/proc/self/mem', '--of', 't2.medium'], '/proc/self/mem cannot be read: EIO'],
  [[cpu, '--of', 't2.medium', '--days', '3'], '--days is how far --host reads: add --host NAME'],
  [
    ['--host', 'i-0abc', '--zone', 'UTC', '--of', 't2.medium'],
    '--zone is about files. Datadog states it: remove --zone',
  ],
  [[cpu, '--of', 't2.medium', '--from', 'monday'], '--from monday is not a time'],
  [[cpu, '--of', 't2.medium', '--memory', cpu], 'has no use of memory'],
  [
    [file('over.csv', 'time,cpu\n2026-01-05 00:00,5\n2026-01-05 00:05,250\n'), '--of', 't2.medium'],
    'over.csv line 3: 250 is more than 100 %',
  ],
])('a mistake is one sentence with exit code 2: %j', async (args, message) => {
  const { code, stderr } = await headroomHere(['size', 'history', ...args, '--out', out]);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

test('a message shows the name of a file as plain text', async () => {
  const esc = String.fromCodePoint(27);
  const { stderr } = await headroomHere(['size', 'history', file(`${esc}[31mred.csv`, 'x'), '--of', 't2.medium']);
  expect(stderr).toMatch(/^headroom: /);
  expect(stderr).not.toContain(esc);
});

test('stdin is a file, also a packed one', async () => {
  for (const input of [readFileSync(cpu), gzipSync(readFileSync(cpu))]) {
    const args = ['size', 'history', '--of', 't2.medium', '--on', 't2.micro', '--json', '-', '--out', out];
    const { stdout, code } = await headroomHere(args, {}, [input]);
    expect(JSON.parse(stdout).history.files[0].file).toBe('stdin');
    expect(code).toBe(0);
  }
});

test('a lone - behind a flag that can be repeated is stdin too', async () => {
  const { stderr, code } = await headroomHere(['stress', '--target', 'http://127.0.0.1:9', '--replay', '-'], {}, [
    Buffer.from('foo\n'),
  ]);
  expect(stderr).toContain('none of 1 lines could be read as a request');
  expect(code).toBe(2);
});

test('replay takes the same files as a trace', async () => {
  const { stdout, code } = await headroomHere(['size', 'replay', '--instance', 't2.medium', '--trace', cpu, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).periods).toHaveLength(2016);
});

test('replay says what was assumed, and refuses maxima alone', async () => {
  const rows = ['2026-01-05 00:00,5', '2026-01-05 00:05,9'].join('\n');
  const replay = (name: string, head: string) =>
    headroomHere(['size', 'replay', '--instance', 't2.medium', '--trace', file(name, `time,${head}\n${rows}\n`)]);
  const json = await headroomHere([
    ...['size', 'replay', '--instance', 't2.medium', '--trace', file('mean.csv', `time,cpu %\n${rows}\n`), '--json'],
  ]);
  expect(JSON.parse(json.stdout).notes).toMatchObject([{ code: 'times-without-zone' }]);
  expect((await replay('mean.csv', 'cpu %')).stdout).toContain('mean.csv: times without a time zone, read as UTC');
  const { code, stderr } = await replay('max.csv', 'cpu % max');
  expect(code).toBe(2);
  expect(stderr).toContain('max.csv has only the maxima of each period');
});

test('--from is on the clock of --zone', async () => {
  const window = ['--from', '2026-01-07', '--to', '2026-01-09T12:00', '--zone', 'Europe/Berlin'];
  const args = ['size', 'history', cpu, '--of', 't2.medium', '--on', 't2.micro', '--json', '--out', out, ...window];
  const { stdout } = await headroomHere(args);
  expect(JSON.parse(stdout).history).toMatchObject({
    from: '2026-01-06T23:00:00.000Z',
    to: '2026-01-09T11:00:00.000Z',
  });
});

test('backtest takes the same files', async () => {
  const { stdout, code } = await headroomHere(['monitors', 'backtest', join(folder, 'sadf.json'), '--json']);
  expect(code).toBe(0);
  const user = JSON.parse(stdout).monitors.find(({ key }: { key: string }) => key === 'cpu-user');
  expect(user).toMatchObject({ transitions: [], query: expect.stringContaining('host:ip-10-0-0-10') });
});
