// A word of the command line that is not known: named, with the known one that it may have been meant to be.
import { nearEnough } from '../model/nearest.ts';

/** What can be said at this place of the command line. */
export type Known = { readonly flags: readonly string[]; readonly commands: readonly string[] };

/**
 * The sentence of yargs about words that it does not know, with each word as it was typed and the nearest known one; any other
 * sentence as it is.
 */
export function suggestKnown(message: string, words: readonly string[], known: Known): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/s.exec(message)?.[1]?.split(', ');
  if (!unknown) return message;
  return unknown
    .map((word) => {
      const flag = words.some((each) => each === `--${word}` || each.startsWith(`--${word}=`));
      const [typed, what, nearest] = flag
        ? [`--${word}`, 'flag', nearEnough(word, known.flags)]
        : [`"${word}"`, 'command or flag', nearEnough(word, known.commands)];
      const meant = nearest === undefined ? '' : ` (did you mean ${flag ? '--' : ''}${nearest}?)`;
      return `${typed} is not a known ${what}${meant}`;
    })
    .join('; ');
}
