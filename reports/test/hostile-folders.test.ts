// A run folder may come from anybody: whatever stands in it, the answer is a report or one sentence, soon.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../model/user-error.ts';
import { writeReport } from '../write.ts';

const fixture = fileURLToPath(new URL('fixtures/complete', import.meta.url));
let parent: string;
let dir: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'hostile-'));
  dir = join(parent, 'run');
  cpSync(fixture, dir, { recursive: true });
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const at = (name: string): string => join(dir, name);
const lines = (): string[] => readFileSync(at('seconds.jsonl'), 'utf8').trimEnd().split('\n');

/** Replaces a file by what `make` puts there. */
function replaced(name: string, make: (path: string) => void): void {
  rmSync(at(name), { recursive: true, force: true });
  make(at(name));
}

const fifo = (path: string): void => {
  execFileSync('mkfifo', [path]);
};

describe('a folder is refused by a sentence', () => {
  const kinds: readonly (readonly [string, (path: string) => void])[] = [
    ['a folder', mkdirSync],
    ['a pipe that nobody writes to', fifo],
    ['a device that never ends', (path) => symlinkSync('/dev/zero', path)],
  ];
  for (const name of ['run.json', 'seconds.jsonl', 'observed.json', 'alarms.json', 'sizing.json'])
    test.each(kinds)(`whose ${name} is %s`, async (_, make) => {
      replaced(name, make);
      const refused = writeReport(dir);
      await expect(refused).rejects.toThrow(UserError);
      await expect(refused).rejects.toThrow(`${at(name)} is not a file`);
    });

  test('whose seconds are one line without an end', async () => {
    writeFileSync(at('seconds.jsonl'), Buffer.alloc(20 * 1024 ** 2, '['));
    await expect(writeReport(dir)).rejects.toThrow(/has a line of more than 16 MiB/);
  });

  test.each([
    ['junk', 'AAAA'],
    ['no text of a histogram', '\u0000'],
  ])('whose histograms are %s', async (_, junk) => {
    const broken = lines().map((line) => line.replace(/"latencyUs":"[^"]+"/, `"latencyUs":${JSON.stringify(junk)}`));
    writeFileSync(at('seconds.jsonl'), `${broken.join('\n')}\n`);
    await expect(writeReport(dir)).rejects.toThrow(/latency histogram of the run is damaged/);
  });

  test('whose report is a link to somewhere else', async () => {
    mkdirSync(join(parent, 'elsewhere'));
    symlinkSync(join(parent, 'elsewhere'), at('report'));
    await expect(writeReport(dir)).rejects.toThrow(`${at('report')} is a symbolic link`);
    expect(readdirSync(join(parent, 'elsewhere'))).toEqual([]);
  });
});

test('more lines of one second than a call takes arguments are reported', async () => {
  const load = lines().find((line) => line.startsWith('{"kind":"load"')) ?? '';
  expect(load).not.toBe('');
  const others = lines().filter((line) => !line.startsWith('{"kind":"load"'));
  const bare = load.replace(/"(lagUs|latencyUs)":"[^"]+",/g, '');
  writeFileSync(at('seconds.jsonl'), `${[...others, ...new Array(150_000).fill(bare)].join('\n')}\n`);
  const { reportDir } = await writeReport(dir);
  expect(existsSync(join(reportDir, 'index.html'))).toBe(true);
});

test('a link in the place of a file of the report is replaced, and what it leads to is left alone', async () => {
  mkdirSync(at('report'));
  writeFileSync(join(parent, 'precious'), 'mine');
  symlinkSync(join(parent, 'precious'), join(at('report'), 'index.html'));
  await writeReport(dir);
  expect(readFileSync(join(parent, 'precious'), 'utf8')).toBe('mine');
});
