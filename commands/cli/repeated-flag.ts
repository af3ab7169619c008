import { UserError } from '../../model/user-error.ts';

/**
 * For yargs' check: true when no flag that takes one value was given twice; a UserError that names it otherwise. `options` are yargs'
 * own, with the flags that may be repeated (its types call them aliases).
 */
export function refuseRepeated(argv: Readonly<Record<string, unknown>>, options: object): true {
  const { array } = options as { readonly array: readonly string[] };
  for (const [name, value] of Object.entries(argv)) {
    if (name === '_' || !Array.isArray(value) || array.includes(name)) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(`--${flag} was given ${value.length} times: give it once`);
  }
  return true;
}
