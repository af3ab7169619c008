import type { Invocation } from '../../model/command-line.ts';

/** What a command may use of its process. Only cli.ts reads argv and the environment and sets the exit code. */
export type CommandContext = {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** stderr is a terminal: progress may redraw its line. */
  readonly live: boolean;
  /** stdin and stderr are a terminal: the command may ask for confirmation. */
  readonly interactive: boolean;
  /** Width of the terminal; absent where stdout is none. */
  readonly columns?: number;
  /** Results may be coloured. */
  readonly color: boolean;
  /** The command line after the program's name. */
  readonly words: readonly string[];
  /** How the user started headroom: hints repeat it. */
  readonly invocation: Invocation;
  /** Aborted by SIGINT or SIGTERM, with `{ status, reason, exitCode }`. */
  readonly signal: AbortSignal;
  readonly exit: (code: number) => void;
};

/** What reading the user's files takes. */
export type InputContext = Pick<CommandContext, 'stdin' | 'signal'>;
