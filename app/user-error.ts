/** A mistake of the operator. The message says what happened and what to do; the process exits with code 2 and prints no stack. */
export class UserError extends Error {
  override name = 'UserError';
}
