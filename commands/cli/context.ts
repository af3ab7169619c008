/** What a command sees of the process that it runs in, so that it reads and sets nothing behind cli.ts's back. */
export type Surroundings = {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** A person watches stderr: progress may redraw its line. */
  readonly live: boolean;
  /** A person can be asked: stdin and stderr are a terminal. */
  readonly interactive: boolean;
  /** Results may be coloured. */
  readonly color: boolean;
  /** The command line after the program's name. */
  readonly words: readonly string[];
  /** Aborted by SIGINT or SIGTERM, with `{ status, reason, exitCode }`. */
  readonly signal: AbortSignal;
  readonly exit: (code: number) => void;
};
