// What yargs lets pass: it would ignore a word, or read another value than the user typed.
import { UserError } from '../../model/user-error.ts';

/** yargs' own: the names of the flags of each type. */
type Types = {
  readonly array: readonly string[];
  readonly boolean: readonly string[];
  readonly number: readonly string[];
};

/** For yargs' check: returns true, or throws a UserError that names the first flag whose value would be lost. `words`: the command line. */
export function checkFlagValues(
  argv: Readonly<Record<string, unknown>>,
  types: object,
  words: readonly string[],
): true {
  const { array, boolean, number } = types as Types;
  refuseAfterDashes(words);
  for (const [flag, values] of givenFlags(argv, words)) {
    if (Array.isArray(values) && !array.includes(flag))
      throw new UserError(`--${flag} was given ${values.length} times. Give it once`);
    if (number.includes(flag) && Number.isNaN(values))
      throw new UserError(
        `--${flag} ${typedValue(flag, words)} is not a number: write it without units and separators, like 300`,
      );
  }
  for (const word of words) refuseSwitchValue(word, boolean);
  return true;
}

/** `npm run` needs one `--`, and a second one, or that of a habit, would hide all flags after it. */
function refuseAfterDashes(words: readonly string[]): void {
  const [first] = words.slice(words.indexOf('--') + 1 || words.length);
  if (first !== undefined) throw new UserError(`${first} is not read, as it follows "--". Remove that "--"`);
}

/** With values that a default did not give. */
function givenFlags(argv: Readonly<Record<string, unknown>>, words: readonly string[]): [string, unknown][] {
  const flags = Object.entries(argv).map(([name, value]): [string, unknown] => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    value,
  ]);
  return flags.filter(([flag]) => words.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`)));
}

function typedValue(flag: string, words: readonly string[]): string {
  const at = words.findIndex((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
  return words[at]?.split('=')[1] ?? words[at + 1] ?? '';
}

/** yargs would read any value of a switch as true. */
function refuseSwitchValue(word: string, boolean: readonly string[]): void {
  const [, flag, name = '', value] = /^(--(?:no-)?([^=]+))=(.*)$/s.exec(word) ?? [];
  if (flag === undefined || !boolean.includes(name) || value === 'true' || value === 'false') return;
  throw new UserError(`${flag} takes no value. Give it without "${value}"`);
}
