// The common name of a program: `jenkins`, not `java`.

/** Interpreters and their options that take the next word as a value. */
const interpreters: ReadonlyMap<string, readonly string[]> = new Map([
  ['java', ['-cp', '-classpath', '--class-path', '-p', '--module-path', '--add-modules']],
  ['node', ['-r', '--require', '--import', '--loader', '--conditions', '-C']],
  ['python', ['-W', '-X']],
  ['ruby', ['-I', '-r']],
  ['perl', []],
  ['php', ['-d', '-c']],
]);

/** File names that many programs share: their folder is used instead. */
const commonNames = new Set(['index', 'main', 'server', 'app', 'cli', 'bin', 'start', 'run', '__main__', 'manage']);
const commonFolders = new Set(['bin', 'dist', 'lib', 'src', 'build', 'out', '.bin', '']);

/** The name under which a process is reported, from its kernel name and its command line. */
export function serviceName(comm: string, args: readonly string[]): string {
  const interpreter = interpreterOf(comm, args[0] ?? '');
  if (interpreter === undefined) {
    const file = baseName(args[0] ?? '');
    // The kernel truncates names to 15 characters; the command line has the rest.
    const whole = comm.length === 15 && file.startsWith(comm) ? file : comm;
    // Some programs change their title (`npm run stress`, `tmux: server`): its first word is the program.
    return /^[^\s:]+/.exec(whole)?.[0] ?? comm;
  }
  return programName(args.slice(1), interpreters.get(interpreter) ?? []) ?? interpreter;
}

/** Whether the command line is needed to name a process with this kernel name. */
export function needsArgs(comm: string): boolean {
  return comm.length === 15 || interpreterOf(comm, '') !== undefined || comm === 'MainThread';
}

function interpreterOf(comm: string, command: string): string | undefined {
  const plain = (name: string) => name.replace(/[\d.]+$/, '');
  for (const name of [plain(comm), plain(baseName(command))]) if (interpreters.has(name)) return name;
  return undefined;
}

function programName(args: readonly string[], takesNext: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const next = args[index + 1] ?? '';
    if (arg === '-jar' || arg === '-m') return plainName(next);
    // Inline code has no name, and is shown nowhere: `perl -ne`, `node -pe`, `php -r`.
    if ((/^-[A-Za-z]*[ceEpr]$/.test(arg) || /^--(eval|print|run)$/.test(arg)) && !takesNext.includes(arg))
      return undefined;
    if (takesNext.includes(arg)) index++;
    else if (!arg.startsWith('-') && arg !== '') return plainName(arg);
  }
  return undefined;
}

/** Undefined for what is no file name: an argument may hold a secret, and is shown nowhere. */
function plainName(path: string): string | undefined {
  if (!/^[\w./+@~-]{1,256}$/.test(path)) return undefined;
  const folders = path.split('/');
  const file = (folders.pop() ?? '').replace(/\.(jar|war|[cm]?[jt]s|py|rb|pl|php)$/, '');
  // A Java class: its last part names it.
  const name = folders.length === 0 && /^[a-z]\w*(\.\w+)+$/.test(file) ? (file.split('.').at(-1) ?? file) : file;
  if (!commonNames.has(name)) return name || undefined;
  return folders.reverse().find((folder) => !commonFolders.has(folder) && folder !== '.' && folder !== '..') ?? name;
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path;
}
