/** A mistake of whoever started the app: its message says what to do, and the process ends with exit code 2 and no stack. */
export class UserError extends Error {
  override name = 'UserError';
}
