// A walk as it can be sent: checked before any load, with its rows.
import { dirname, join } from 'node:path';
import { nearEnough } from '../../model/nearest.ts';
import { UserError } from '../../model/user-error.ts';
import type { Walk, WalkStep } from '../../model/walk.ts';
import { compileTake } from './take-value.ts';
import { isVariableName, parseTemplate, variablesOf } from './template.ts';
import { readWalkRows, type WalkRows } from './walk-rows.ts';

export type WalkPlan = {
  readonly steps: readonly WalkStep[];
  readonly rows?: WalkRows;
};

/** `file`: the profile that has it. Throws a UserError for what cannot work: it names the place. */
export function readWalk({ steps, rows: rowsFile }: Walk, file: string): WalkPlan {
  const rows = rowsFile === undefined ? undefined : readWalkRows(join(dirname(file), rowsFile));
  const known = new Set(rows?.columns);
  for (const [number, step] of steps.entries()) {
    const where = `profile ${file}: walk.steps.${number}`;
    const [first] = withPlace(`${where}.path`, () => parseTemplate(step.path));
    if (typeof first === 'object' && rows?.columns.includes(first.variable))
      throw new UserError(`${where}.path: begins with a column of ${rowsFile}: write /${step.path}`);
    for (const [key, text] of textsOf(step)) checkText(text, `${where}.${key}`, known, steps);
    for (const [name, take] of Object.entries(step.take ?? {})) {
      const at = `${where}.take.${name}`;
      if (!isVariableName(name))
        throw new UserError(`${at}: "${name}" is not the name of a variable: use letters, digits, _ . and -`);
      if (rows?.columns.includes(name))
        throw new UserError(`${at}: ${name} is a column of ${rowsFile}. Give another name`);
      if (step.method === 'HEAD' && take.header === undefined)
        throw new UserError(`${at}: the answer to HEAD has no body. Use "header", or another method`);
      withPlace(at, () => compileTake(take));
      known.add(name);
    }
  }
  return { steps, ...(rows && { rows }) };
}

function textsOf({ path, headers, body }: WalkStep): readonly (readonly [key: string, text: string])[] {
  const ofHeaders = Object.entries(headers).map(([name, value]) => [`headers.${name}`, value] as const);
  return [['path', path], ...ofHeaders, ...(body === undefined ? [] : [['body', body] as const])];
}

function checkText(text: string, where: string, known: ReadonlySet<string>, steps: readonly WalkStep[]): void {
  const unknown = variablesOf(withPlace(where, () => parseTemplate(text))).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const later = steps.find(({ take }) => take && Object.hasOwn(take, unknown));
  const near = nearEnough(unknown, [...known]);
  const hint = later
    ? `step "${later.name}" takes it only from its own answer`
    : near === undefined
      ? `"take" it in a step before, or name a column of "rows" so`
      : `did you mean ${near}?`;
  throw new UserError(`${where}: there is not a variable "${unknown}" yet: ${hint}`);
}

function withPlace<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${where}: ${cause.message}`, { cause });
  }
}
