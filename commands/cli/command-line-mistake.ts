// yargs' messages about an invalid command line, in sentences that name the flag and say what to do.
import { nearEnough } from '../../model/nearest.ts';

/** What is valid at this place of the command line. */
export type Known = { readonly flags: readonly string[]; readonly commands: readonly string[] };

const listed = (names: string | undefined) => (names ?? '').split(', ').map((name) => `--${name}`);

/** Translates an English message of yargs; any other message comes back unchanged. */
export function describeMistake(message: string, words: readonly string[], known: Known): string {
  const found = (pattern: RegExp) => pattern.exec(message)?.[1];
  const unknown = found(/^Unknown (?:argument|command)s?: (.+)$/s);
  if (unknown !== undefined) return suggestKnown(unknown.split(', '), words, known);
  const missing = found(/^Missing required arguments?: (.+)$/s);
  if (missing !== undefined) return `missing: ${listed(missing).join(' and ')}`;
  const bare = found(/^Not enough arguments following: (.+)$/s);
  if (bare !== undefined) return `give a value to ${listed(bare).join(' and ')}`;
  const invalid = found(/^Invalid values:\s+(.+)$/s);
  if (invalid !== undefined) return invalid.split('\n').map(describeInvalid).join('; ');
  if (message.startsWith('Not enough non-option arguments'))
    return 'an argument is missing: give a run folder, like runs/ID';
  return message;
}

/** `Argument: mode, Given: "x", Choices: "standard", "unlimited"`. */
function describeInvalid(line: string): string {
  const [, flag, given = '', choices = ''] = /Argument: (\S+), Given: (.*), Choices: (.*)$/s.exec(line) ?? [];
  return flag === undefined
    ? line
    : `--${flag} ${given.replaceAll('"', '')} is not one of ${choices.replaceAll('"', '')}`;
}

/** Each unknown word as typed, with the nearest known one. */
function suggestKnown(unknown: readonly string[], words: readonly string[], known: Known): string {
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
      if (flag === undefined && word.includes('/')) return `"${word}" is an extra argument. Remove it`;
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
