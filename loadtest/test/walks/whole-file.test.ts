// Files that users give to a flag: what has no end must end in one sentence, and pipes of a shell are files like others.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readJsonFile } from '../../profiles/json-file.ts';
import { readLinks } from '../../profiles/request-mix.ts';
import { readWholeFile } from '../../walks/whole-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whole-'));
  execFileSync('mkfifo', [join(folder, 'pipe.json')]);
  symlinkSync('/dev/zero', join(folder, 'endless.json'));
  writeFileSync(join(folder, 'long.json'), '');
  truncateSync(join(folder, 'long.json'), 300 * 1024 * 1024);
  writeFileSync(join(folder, 'small.json'), 'größe');
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['endless.json', 'is a device: it does not end'],
  ['pipe.json', 'is a pipe, and nothing was written into it'],
  ['long.json', 'has more than 256 MiB'],
])('%s is refused by every reader', (name, problem) => {
  const file = join(folder, name);
  for (const read of [readWholeFile, readJsonFile, readLinks]) expect(() => read(file)).toThrow(`${file} ${problem}`);
});

test('a file is read whole, and a missing one has its code', () => {
  expect(readWholeFile(join(folder, 'small.json')).toString()).toBe('größe');
  expect(readWholeFile('/dev/null')).toHaveLength(0);
  expect(() => readWholeFile(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(() => readWholeFile(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
});

test('a pipe is read to its end, also when its writer is slow', () => {
  const module = new URL('../../walks/whole-file.ts', import.meta.url).href;
  const script = `const { readWholeFile } = await import('${module}'); console.log(readWholeFile(process.argv[1]).length)`;
  const command = `"$0" --import tsx --input-type=module -e "$1" <(head -c 100000 /dev/zero; sleep 1; head -c 100000 /dev/zero)`;
  const { stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['200000\n', '']);
});
