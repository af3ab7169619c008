import { UserError } from '../../model/user-error.ts';

/**
 * For yargs' check: true when no switch was given another value than true or false, which yargs would take for true; a UserError that
 * names it otherwise. `options` are yargs' own, with the switches (its types call them aliases).
 */
export function refuseSwitchValue(words: readonly string[], options: object): true {
  const { boolean } = options as { readonly boolean: readonly string[] };
  for (const word of words) {
    if (word === '--') return true;
    const [, flag, name = '', value] = /^(--(?:no-)?([^=]+))=(.*)$/s.exec(word) ?? [];
    if (flag === undefined || !boolean.includes(name) || value === 'true' || value === 'false') continue;
    throw new UserError(`${flag} is a switch: give it without "${value}"`);
  }
  return true;
}
