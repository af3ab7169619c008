import type { ZodType } from 'zod';
import { UserError } from './user-error.ts';

/** The value as the schema reads it. Throws a UserError that says `where`, and names the first field that is wrong. */
export function checked<T>(value: unknown, schema: ZodType<T>, where: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const issue = error.issues[0];
  throw new UserError(`${where}: field ${issue?.path.join('.') || '(whole)'}: ${issue?.message}`, { cause: error });
}
