// Command lines of headroom that work when they are pasted, in the form in which the user started it.

/**
 * `npm run` in the repository, `npx headroom` in a project that depends on it, `headroom` where it is on the PATH, and with the package's
 * name where npx has fetched it: the registry's `headroom` is another package.
 */
export type Invocation = 'npm run' | 'npx headroom' | 'npx headroom-bench' | 'headroom';

export type Command = 'stress' | 'report' | 'size' | 'monitors' | 'metrics';

/** How the program was started, from the path of its main file: the repository starts cli.ts or its build. */
export function invocationOf(mainFile: string): Invocation {
  if (/(^|[\\/])cli\.[jt]s$/.test(mainFile)) return 'npm run';
  if (/[\\/]_npx[\\/]/.test(mainFile)) return 'npx headroom-bench';
  return /[\\/]node_modules[\\/]\.bin[\\/]/.test(mainFile) ? 'npx headroom' : 'headroom';
}

/** The words of a command line; `headroom URL` is short for a smoke of that URL. */
export function withShortForm(words: readonly string[]): readonly string[] {
  const [url, ...others] = words;
  if (url === undefined || !/^https?:\/\//i.test(url)) return words;
  const isProfiled = others.some((word) => /^--(profile|rate|connections)\b/.test(word));
  return ['stress', '--target', url, ...(isProfiled ? [] : ['--profile', 'smoke']), ...others];
}

/** How a run was started, from the command line in its record. */
export function invocationOfRecord(command: string): Invocation {
  if (command.startsWith('npm run')) return 'npm run';
  const [invocation] = /^npx headroom(-bench)?(?= )/.exec(command) ?? [];
  return (invocation as Invocation | undefined) ?? 'headroom';
}

/** The folder of a run, from the command line in its record: below that of --out. */
export function folderOfRecord(command: string, id: string): string {
  const [, quoted, bare = 'runs'] = / --out[ =](?:'([^']*)'|(\S+))/.exec(command) ?? [];
  return `${(quoted ?? bare).replace(/\/+$/, '')}/${id}`;
}

/** The values of the flags `names` (without dashes) in the command line of a record, in their order, unquoted; none for a flag that it lacks. */
export function flagsOfRecord(command: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const [, word] = new RegExp(` --${name}[ =]((?:'[^']*'|\\\\.|[^\\s'\\\\])+)`).exec(command) ?? [];
    return word === undefined ? [] : [word.replace(/'([^']*)'|\\(.)/g, '$1$2')];
  });
}

/** `npm run size -- runs/x --daily 1000`, or `headroom size runs/x --daily 1000`; words are quoted for a shell. */
export function commandLine(
  invocation: Invocation,
  command: Command,
  words: readonly (string | number)[] = [],
): string {
  const separator = invocation === 'npm run' && words.length > 0 ? ['--'] : [];
  return [invocation, command, ...separator, ...(words.length > 0 ? [quoteWords(words)] : [])].join(' ');
}

/** The words of a command line, quoted for a shell. */
function quoteWords(words: readonly (string | number)[]): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
  return words.map((word) => quote(String(word))).join(' ');
}

/**
 * The command line of a run with `flags`, which replace its own of the same names and those of `without` (names without dashes). The words
 * stay quoted for a shell.
 */
export function changeFlags(
  command: string,
  flags: readonly (string | number)[],
  without: readonly string[] = [],
): string {
  const [, head = command, tail = ''] = /^(.*?\bstress)\b(?: --(?= |$))?(.*)$/s.exec(command) ?? [];
  const replaced = new Set([...without.map((name) => `--${name}`), ...flags.map(String)]);
  let dropping = false;
  const kept = (tail.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? []).filter((word) => {
    if (word.startsWith('--')) dropping = replaced.has(word.split('=', 1)[0] ?? word);
    return !dropping;
  });
  const separator = head.startsWith('npm run') ? ['--'] : [];
  return [head, ...separator, ...kept, quoteWords(flags)].join(' ');
}
