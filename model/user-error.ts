/** A mistake of the user's (flag, file, key, unreachable target): the message says what to do; the command exits 2 without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Nothing can be measured now, through no mistake in the flags: as UserError, but the command exits 4. */
export class NoVerdictError extends UserError {}

/** The user stopped the command before it had anything to keep: it exits with the code of the signal. */
export class StoppedError extends UserError {
  readonly exitCode: number;
  constructor({ reason, exitCode }: { readonly reason: string; readonly exitCode: number }) {
    super(reason);
    this.exitCode = exitCode;
  }
}
