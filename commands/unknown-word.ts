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
  const typed = (word: string) => words.find((each) => /^--?/.test(each) && nameOf(each) === word);
  // Of --a-b, yargs names aB too.
  const once = unknown.filter(
    (word) => !unknown.some((other) => other !== word && nameOf(`--${other}`, true) === word),
  );
  return once
    .map((word) => {
      const flag = typed(word)?.split('=')[0];
      const nearest = nearEnough(word, flag === undefined ? known.commands : known.flags);
      const meant = nearest === undefined ? '' : ` (did you mean ${flag === undefined ? '' : '--'}${nearest}?)`;
      return flag === undefined
        ? `"${word}" is not a known command or flag${meant}`
        : `${flag} is not a known flag${meant}`;
    })
    .join('; ');
}

/** `--no-a=b` -> `a`; in camel case when asked. */
function nameOf(typed: string, camel = false): string {
  const name = typed.replace(/^--?(no-)?/, '').replace(/=.*$/s, '');
  return camel ? name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) : name;
}
