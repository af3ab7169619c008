// Memory as files have it -> bytes, or percent of all.
import { UserError } from '../user-error.ts';
import { memoryPercent } from './metric-name.ts';
import type { Draft, ReadOptions } from './recorded-file.ts';

/** Shares of 1, and GiB of a small machine, are as small as percentages. */
const unclearPercent = 5;

const bytesOf = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/** Bytes of the unit in a name like `mem_used_mb`, `kbmemused` or `Memory used (GiB)`; undefined for one without. */
export function unitBytesOf(name: string): number | undefined {
  const words = name.replace(/(?<![KMGT])([a-z])(?=[A-Z])/g, '$1 ').toLowerCase();
  const [, short, long] =
    /(?:^|[^a-z])(?:([kmgt])i?b(?:ytes)?|(kilo|mega|giga|tera|kibi|mebi|gibi|tebi)bytes?)(?=$|[^a-z]|mem)/.exec(
      words,
    ) ?? [];
  const letter = (short ?? long?.[0]) as keyof typeof bytesOf | undefined;
  return letter && bytesOf[letter];
}

/** Only the memory of a file; a series without a name is one of it, in percent or in bytes. Throws a UserError for a file without any. */
export function memoryOf(drafts: readonly Draft[], file: string): Draft[] {
  const memory = drafts.flatMap(({ inverted, ...draft }): Draft[] => {
    if (isMemory(draft)) return [draft];
    if (!inverted) return [];
    const isPercent = draft.values.every((value) => value <= 100);
    return [{ ...draft, metric: isPercent ? memoryPercent : 'system.mem.used' }];
  });
  if (memory.length > 0) return memory;
  throw new UserError(`${file} has no use of memory, only ${drafts.map(({ metric }) => metric).join(', ')}`);
}

/** A draft of memory in bytes or percent; any other as it is. Throws a UserError for percentages that can be shares of 1, and for ones above 100. */
export function inMemoryUnit(draft: Draft, file: string, { unit }: ReadOptions): Draft {
  if (!isMemory(draft)) return draft;
  const scale = scaleOf(draft, file, unit);
  return scale === 1 ? draft : { ...draft, values: draft.values.map((value) => value * scale) };
}

function scaleOf(
  { metric, values, unitUnknown, unitBytes, placeOf }: Draft,
  file: string,
  unit: ReadOptions['unit'],
): number {
  if (metric !== memoryPercent) return metric === 'system.mem.pct_usable' ? 1 : (unitBytes ?? 1);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  if (most > 100.5)
    throw new UserError(
      `${file} ${placeOf(values.indexOf(most))}: ${Number(most.toPrecision(6))} is more than 100 % of the memory. Name bytes mem_used, or their unit, like mem_used_mb`,
    );
  if (!unitUnknown || most > unclearPercent) return 1;
  if (unit !== undefined) return unit === 'fraction' && most <= 1 ? 100 : 1;
  throw new UserError(
    `${file} has memory from 0 to ${unclearPercent} only, which can be percent, shares of 1 or GiB. Add --unit percent or --unit fraction, or name the unit, like mem_used_gb`,
  );
}

function isMemory({ metric }: Pick<Draft, 'metric'>): boolean {
  return /^(system\.mem|memory)\./.test(metric);
}
