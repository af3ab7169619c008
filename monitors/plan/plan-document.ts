// A plan as a JSON document and as text.
import type { Finding } from '../../model/finding.ts';
import { isEmpty, type Plan } from './plan.ts';

/** The `--json` document of plan, apply and destroy. */
export type PlanDocument = ReturnType<typeof planDocument> & {
  /** What Datadog accepts in the definitions and leaves empty; absent when there is nothing. */
  readonly warnings?: readonly Finding[];
};

/** `dashboard` is what becomes of it; `ids` are those of the created monitors, by key. */
export function planDocument(
  plan: Plan,
  dashboard: string,
  applied: boolean,
  ids: ReadonlyMap<string, number> = new Map(),
) {
  return {
    creates: plan.creates.map(({ key, name }) => {
      const id = ids.get(key);
      return { key, name, ...(id !== undefined && { id }) };
    }),
    updates: plan.updates.map(({ wanted, stored, changes }) => ({ key: wanted.key, id: stored.id, changes })),
    deletes: plan.deletes.map(({ key, stored, why }) => ({ key, id: stored.id, name: stored.name, why })),
    unchanged: plan.unchanged.length,
    applied,
    dashboard,
  };
}

/** The plan as a diff: `+` create, `~` update, `-` delete; plain text without colour. */
export function planText(plan: Plan): string {
  if (isEmpty(plan)) return `No changes: all ${plan.unchanged.length} monitors match their definitions`;
  const lines = [
    ...plan.creates.flatMap(({ key, name, query }) => [`+ ${key}: ${name}`, `    ${query}`]),
    ...plan.updates.flatMap(({ wanted, stored, changes }) => [
      `~ ${wanted.key} (${stored.id}): ${wanted.name}`,
      ...changes.flatMap(({ field, from, to }) => changeLines(field, from, to)),
    ]),
    ...plan.deletes.map(({ key, stored, why }) => `- ${key} (${stored.id}): ${stored.name}: ${why}`),
  ];
  const { creates, updates, deletes, unchanged } = plan;
  const counts = `${creates.length} to create, ${updates.length} to update, ${deletes.length} to delete, ${unchanged.length} unchanged`;
  return [...lines, counts].join('\n');
}

function changeLines(field: string, from: unknown, to: unknown): string[] {
  if (typeof from !== 'string' || typeof to !== 'string' || !`${from}${to}`.includes('\n')) {
    return [`    ${field}: ${show(from)} -> ${show(to)}`];
  }
  const before = from.split('\n');
  const after = to.split('\n');
  return [
    `    ${field}:`,
    ...before.filter((line) => !after.includes(line)).map((line) => `      - ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `      + ${line}`),
  ];
}

function show(value: unknown): string {
  return value === undefined ? '(none)' : JSON.stringify(value);
}
