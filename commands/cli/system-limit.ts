// What the system refuses to any program of this user: that is no bug of ours, and has a remedy.

const remedies: Readonly<Record<string, string>> = {
  EMFILE: 'this shell allows too few open files. Raise the limit: ulimit -n 4096',
  ENFILE: 'this machine has too many open files. End other programs, or raise the limit: sysctl -w fs.file-max=1000000',
  EAGAIN: 'this user may start no more processes. End other programs, or raise the limit: ulimit -u 4096',
  ENOMEM: 'this machine has too little free memory. End other programs',
};

/** One sentence about an error that a limit of the system caused; undefined for any other error. */
export function describeSystemLimit(error: unknown): string | undefined {
  const { code = '', syscall = '' } = (error ?? {}) as NodeJS.ErrnoException;
  const remedy = Object.hasOwn(remedies, code) ? remedies[code] : undefined;
  if (remedy === undefined || (code === 'EAGAIN' && !/spawn|fork/.test(syscall))) return undefined;
  return `${syscall.replace(/ .*/s, '')} failed (${code}): ${remedy}`;
}
