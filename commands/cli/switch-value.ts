import { UserError } from '../../model/user-error.ts';

/**
 * For yargs' check: returns true, or throws a UserError that names a switch with a value other than true or false, which yargs would
 * read as true. `options` are yargs' own: `boolean` lists the switches.
 */
export function refuseSwitchValue(words: readonly string[], options: object): true {
  const { boolean } = options as { readonly boolean: readonly string[] };
  for (const word of words) {
    if (word === '--') return true;
    const [, flag, name = '', value] = /^(--(?:no-)?([^=]+))=(.*)$/s.exec(word) ?? [];
    if (flag === undefined || !boolean.includes(name) || value === 'true' || value === 'false') continue;
    throw new UserError(`${flag} takes no value. Give it without "${value}"`);
  }
  return true;
}
