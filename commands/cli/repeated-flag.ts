import { UserError } from '../../model/user-error.ts';

/**
 * For yargs' check: returns true, or throws a UserError that names a flag that takes one value and was given twice. `options` are
 * yargs' own: `array` lists the flags that may be repeated. `words`: the command line; a list that has no flag in it is one of words.
 */
export function refuseRepeated(
  argv: Readonly<Record<string, unknown>>,
  options: object,
  words: readonly string[],
): true {
  const { array } = options as { readonly array: readonly string[] };
  for (const [name, value] of Object.entries(argv)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (name === '_' || !Array.isArray(value) || array.includes(flag)) continue;
    if (!words.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))) continue;
    throw new UserError(`--${flag} was given ${value.length} times. Give it once`);
  }
  return true;
}
