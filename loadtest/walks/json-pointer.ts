// JSON pointers (RFC 6901).
import { UserError } from '../../model/user-error.ts';

/** The steps of a pointer; none for the whole document. Throws a UserError for what is no pointer. */
export function parsePointer(text: string): readonly string[] {
  if (text === '') return [];
  if (!text.startsWith('/'))
    throw new UserError(`json: "${text}" is not a JSON pointer: it must begin with /, like /items/0/id`);
  if (/~(?![01])/.test(text))
    throw new UserError(`json: "${text}" is not a JSON pointer: write ~ as ~0, and / in a key as ~1`);
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The text, number or boolean there; undefined for anything else, and where the text is no JSON. */
export function resolvePointer(steps: readonly string[], json: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  for (const step of steps) {
    const isThere = Array.isArray(value)
      ? /^(0|[1-9]\d*)$/.test(step) && Number(step) < value.length
      : typeof value === 'object' && value !== null && Object.hasOwn(value, step);
    if (!isThere) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}
