import type { ZodType } from 'zod';
import { describeMistake } from './schema-mistake.ts';
import { UserError } from './user-error.ts';

/** The value as the schema reads it. Throws a UserError that says `where`, and names the first field that is wrong. */
export function checked<T>(value: unknown, schema: ZodType<T>, where: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new UserError(`${where}: field ${describeMistake(error.issues, value, '(whole)')}`, { cause: error });
}
