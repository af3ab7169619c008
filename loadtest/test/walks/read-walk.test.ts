import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Walk, walkSchema } from '../../../model/walk.ts';
import { readWalk } from '../../walks/read-walk.ts';
import { escapeTemplate, fillTemplate, parseTemplate } from '../../walks/template.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'walk-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (name: string): string => `$\{${name}}`;
const first = { name: 'one', path: '/', expect: [200], take: { csrf: { pattern: 'x' } } };
const read = (walk: unknown, csv?: string) => {
  if (csv !== undefined) writeFileSync(join(folder, 'users.csv'), csv);
  return readWalk(walkSchema.parse(walk) as Walk, join(folder, 'p.json'));
};
const withStep = (step: object, rows?: string) => ({
  ...(rows && { rows }),
  steps: [first, { name: 'two', path: '/', expect: [200], ...step }],
});

describe('a walk', () => {
  test.each<[string, object, RegExp]>([
    [
      'a variable with a typo',
      { body: of('crsf') },
      /steps\.1\.body: there is not a variable "crsf" yet: did you mean csrf\?/,
    ],
    [
      'a variable from nowhere',
      { path: `/${of('zzzzzzzz')}` },
      /steps\.1\.path: there is not a variable "zzzzzzzz" yet: "take" it/,
    ],
    [
      'a variable of its own answer',
      { headers: { 'x-a': of('late') }, take: { late: { json: '/a' } } },
      /steps\.1\.headers\.x-a: there is not a variable "late" yet: step "two" takes it only from its own answer/,
    ],
    ['a name that is none', { body: of('a b') }, /steps\.1\.body: "\$\{a b\}" is not a variable/],
    ['a variable that does not end', { body: of('csrf').slice(0, -1) }, /"\$\{csrf" is not a variable/],
    [
      'a pattern that is none',
      { take: { a: { pattern: '(x' } } },
      /steps\.1\.take\.a: pattern: .*[Uu]nterminated group/,
    ],
    [
      'a pointer without its slash',
      { take: { a: { json: 'a' } } },
      /take\.a: json: "a" is not a JSON pointer: it must begin with \//,
    ],
    ['a pointer with a wrong escape', { take: { a: { json: '/~2' } } }, /write ~ as ~0/],
    ['a body of HEAD', { method: 'HEAD', take: { a: { json: '/a' } } }, /the answer to HEAD has no body/],
    ['a name of a variable that is none', { take: { 'a b': { json: '/a' } } }, /"a b" is not the name of a variable/],
  ])('with %s is refused, and the place is named', (_, step, sentence) => {
    expect(() => read(withStep(step))).toThrow(sentence);
  });

  test.each<[string, string, RegExp]>([
    ['a column that is missing', 'name,pw\na,b\n', /there is not a variable "user" yet/],
    ['a row without a value', 'user,pw\na,\n', /users\.csv line 2 has no value in column pw/],
    ['a row that is too long', 'user,pw\na,b,c\n', /users\.csv line 2 has 3 cells, and line 1 names 2 columns/],
    ['no row', 'user,pw\n', /users\.csv has no row/],
    ['no name of a column', 'a b,pw\na,b\n', /line 1: "a b" is not the name of a column/],
    ['a column twice', 'user,user\na,b\n', /the column user appears twice/],
    ['a column that a step takes', 'csrf,user\na,b\n', /csrf is a column of users\.csv/],
  ])('with %s is refused', (_, csv, sentence) => {
    expect(() => read(withStep({ body: of('user') }, 'users.csv'), csv)).toThrow(sentence);
  });

  test('has its rows from the folder of the profile, with BOM, quotes, other separators and blank lines', () => {
    const { rows } = read(
      withStep({ body: of('user') }, 'users.csv'),
      '\uFEFFuser;pw\r\n"a;b";"c""d"\r\n\r\ne f;g,h\r\n',
    );
    expect(rows).toEqual({
      columns: ['user', 'pw'],
      cells: [
        ['a;b', 'c"d'],
        ['e f', 'g,h'],
      ],
    });
    expect(() => read(withStep({ path: of('user') }, 'users.csv'))).toThrow(
      /begins with a column of users\.csv: write \/\$\{user\}/,
    );
    expect(() => read(withStep({}, 'none.csv'))).toThrow(/there is no file .*none\.csv/);
  });
});

test('a template fills in values as they are to be written, and $${ stands for the characters themselves', () => {
  const template = parseTemplate(`/a/${of('id')}?b=${of('id')}&c=$${of('id')}$`);
  expect(fillTemplate(template, new Map([['id', 'x y/$&']]), encodeURIComponent)).toBe(
    `/a/x%20y%2F%24%26?b=x%20y%2F%24%26&c=${of('id')}$`,
  );
  const text = `a${of('b')}$${of('c')}`;
  expect(fillTemplate(parseTemplate(escapeTemplate(text)), new Map())).toBe(text);
});
