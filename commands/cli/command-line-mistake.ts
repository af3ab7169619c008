// yargs' messages about an invalid command line, in sentences that name the flag and say what to do.
import { didYouMean, nearEnough } from '../../model/nearest.ts';

/** What is valid at this place of the command line. */
export type Known = { readonly flags: readonly string[]; readonly commands: readonly string[] };

/** `--a`, `--a and --b`, `--a, --b and --c`. */
function listed(names: string): string {
  const flags = names.split(', ').map((name) => `--${name}`);
  return [flags.slice(0, -1).join(', '), ...flags.slice(-1)].filter((each) => each !== '').join(' and ');
}

/** Translates an English message of yargs; any other message comes back unchanged. */
export function describeMistake(message: string, words: readonly string[], known: Known): string {
  const found = (pattern: RegExp) => pattern.exec(message)?.[1];
  const unknown = found(/^Unknown (?:argument|command)s?: (.+)$/s);
  if (unknown !== undefined) return suggestKnown(unknown.split(', '), words, known);
  const missing = found(/^Missing required arguments?: (.+)$/s);
  if (missing !== undefined) return `missing: ${listed(missing)}`;
  const bare = found(/^Not enough arguments following: (.+)$/s);
  if (bare !== undefined) return `give a value to ${listed(bare)}`;
  const invalid = found(/^Invalid values:\s+(.+)$/s);
  if (invalid !== undefined) return invalid.split('\n').map(describeInvalid).join('; ');
  if (message.startsWith('Not enough non-option arguments'))
    return 'an argument is missing: give a run folder, like runs/ID';
  return message;
}

/** `Argument: mode, Given: "x", Choices: "standard", "unlimited"`. */
function describeInvalid(line: string): string {
  const [, flag, given = '', choices = ''] = /Argument: (\S+), Given: (.*), Choices: (.*)$/s.exec(line) ?? [];
  if (flag === undefined) return line;
  const [asked, known] = [given, choices].map((text) => text.replaceAll('"', '')) as [string, string];
  return known.includes(',')
    ? `--${flag} ${asked} is not one of ${known}`
    : `--${flag} ${asked} is not known. Use ${known}`;
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
      if (flag === undefined) return describeWord(word, words, known.commands);
      const near = nearEnough(word, known.flags);
      return `${flag} is not a known flag.${near === undefined ? '' : ` Did you mean --${near}?`}`;
    })
    .join(' ')
    .replace(/\.$/, '');
}

/** A word that is neither a flag nor the value of one. */
function describeWord(word: string, words: readonly string[], commands: readonly string[]): string {
  const list = words[words.indexOf(word) - 1];
  if (list?.endsWith(',')) return `"${word}" follows a blank. Write the list without it: ${list}${word}`;
  if (/^(https?:\/\/|[\w.-]+:\d+)/i.test(word)) {
    if (words.some((each) => /^--target(=|$)/.test(each))) return `"${word}" is a second target. Give one.`;
    const url = /^https?:/i.test(word) ? word : `http://${word}${word.includes('/') ? '' : '/'}`;
    return `"${word}" is not a flag. Give it as ${commands.includes('stress') ? url : `--target ${url}`}.`;
  }
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(word)) return `"${word}" is not an http or https URL.`;
  if (word.includes('/')) return `"${word}" is an extra argument. Remove it.`;
  return `"${word}" is not a known command or flag.${didYouMean(word, commands)}`;
}

/** `--no-a=b` -> `a`; in camel case when asked. */
function nameOf(typed: string, camel = false): string {
  const name = typed.replace(/^--?(no-)?/, '').replace(/=.*$/s, '');
  return camel ? name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) : name;
}
