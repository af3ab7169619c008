// Names of input files as a user gives them -> files, the oldest of a rotated log first.
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../model/user-error.ts';

const packed = /\.(?:gz|br|zst|xz|bz2|zip|Z)$/;

/** Expands what the shell did not, and sorts. `-` is stdin. Throws a UserError for a name without a file, or with one that is counted twice. */
export function findInputFiles(names: readonly string[], what: string, example = 'access.log*'): readonly string[] {
  const files = [...new Set(names.flatMap((name) => expand(name, what, example)))].sort(byAge);
  const unpacked = new Set(files);
  const twice = files.find((file) => packed.test(file) && unpacked.has(file.replace(packed, '')));
  if (twice) throw new UserError(`${twice} and ${twice.replace(packed, '')} are the same log twice: give one of them`);
  const seen = new Set<string>();
  return files.filter((file) => {
    const real = isStream(file) ? file : realpathSync(file);
    return seen.has(real) ? false : seen.add(real);
  });
}

/** Pipes have names that lead nowhere. */
function isStream(file: string): boolean {
  return file === '-' || file.startsWith('/dev/') || file.startsWith('/proc/');
}

function expand(name: string, what: string, example: string): readonly string[] {
  if (name === '-' || existsSync(name)) return [checkFile(name, example)];
  const found = /[*?[]/.test(name) ? match(name).filter((file) => !statSync(file).isDirectory()) : [];
  if (found.length === 0) throw new UserError(`${what} ${name} does not exist: check the path`);
  return found;
}

function checkFile(name: string, example: string): string {
  if (name !== '-' && statSync(name).isDirectory())
    throw new UserError(`${name} is a directory. Give a file, or a pattern like '${join(name, example)}'`);
  return name;
}

function match(pattern: string): readonly string[] {
  if (!/[*?[]/.test(pattern)) return existsSync(pattern) ? [pattern] : [];
  const [folder, last] = [dirname(pattern), basename(pattern)];
  const name = new RegExp(
    `^${last
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
      .replaceAll('[!', '[^')}$`,
  );
  return match(folder)
    .filter((each) => statSync(each).isDirectory())
    .flatMap((each) =>
      readdirSync(each)
        .filter((file) => name.test(file) && (last.startsWith('.') || !file.startsWith('.')))
        .map((file) => (each === '.' ? file : join(each, file))),
    );
}

/** access.log.2.gz, access.log.1, access.log; access.2.log, access.1.log; and access.log-20260311 before access.log-20260312 before access.log. */
function byAge(one: string, other: string): number {
  const [a, b] = [ageOf(one), ageOf(other)];
  return a.base.localeCompare(b.base) || b.age - a.age || one.localeCompare(other);
}

function ageOf(file: string): { readonly base: string; readonly age: number } {
  const [, name = file, digits, ending = ''] = /^(.*?)[.-](\d[\d-]*)(\.[a-z]+)?$/.exec(file.replace(packed, '')) ?? [];
  const base = name + ending;
  if (digits === undefined) return { base: file.replace(packed, ''), age: 0 };
  const number = Number(digits.replaceAll('-', ''));
  // A later date is younger; a higher number is older.
  return { base, age: number > 1e5 ? 1e15 - number : number };
}
