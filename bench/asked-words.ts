/**
 * The words after `npm run NAME --`. For --help it prints the usage and ends the process; for another flag, and for a word that is not
 * known, with the exit code of a mistake.
 */
export function askedWords(usage: string, isKnown: (word: string) => boolean = () => true): string[] {
  const words = process.argv.slice(2);
  if (words.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  const unknown = words.find((word) => word.startsWith('-') || !isKnown(word));
  if (unknown === undefined) return words;
  process.stderr.write(`"${unknown}" is not known. Usage: ${usage}\n`);
  process.exit(2);
}
