// Rows of buckets, by group, and arithmetic on them.

/** The ends of buckets in ms, in order, and their values. */
export type Row = { readonly times: readonly number[]; readonly values: readonly number[] };
/** Rows by group (`host:a,app:b`; the empty text for an ungrouped query), or a plain number. */
export type Rows = ReadonlyMap<string, Row> | number;

type Compute = (a: number, b: number) => number;

export const arithmetic: Readonly<Record<'+' | '-' | '*' | '/', Compute>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Combines two sides group by group and bucket by bucket; a number and an ungrouped side apply to every group. */
export function combineRows(left: Rows, right: Rows, compute: Compute): Rows {
  if (typeof left === 'number') {
    return typeof right === 'number' ? compute(left, right) : mapRows(right, (value) => compute(left, value));
  }
  if (typeof right === 'number') return mapRows(left, (value) => compute(value, right));
  const keys = new Set([...left.keys(), ...right.keys()]);
  if (keys.size > 1) keys.delete('');
  return new Map(
    [...keys].flatMap((key) => {
      const a = left.get(key) ?? left.get('');
      const b = right.get(key) ?? right.get('');
      return a && b ? [[key, joined(a, b, compute)] as const] : [];
    }),
  );
}

/** Applies `compute` to every value. */
export function mapRows(rows: Rows, compute: (value: number) => number): Rows {
  return typeof rows === 'number' ? compute(rows) : eachValue(rows, compute);
}

/** Applies `compute` to every value of every group. */
export function eachValue(rows: ReadonlyMap<string, Row>, compute: (value: number) => number): Map<string, Row> {
  return new Map([...rows].map(([key, { times, values }]) => [key, finite(times, values.map(compute))]));
}

/**
 * The differences from the values `shiftMs` before, absolute or in percent of them; none where either is missing.
 * https://docs.datadoghq.com/monitors/types/change-alert/
 */
export function changedRow({ times, values }: Row, shiftMs: number, isPercent: boolean): Row {
  const before = { times: times.map((at) => at + shiftMs), values };
  const difference: Compute = isPercent ? (now, then) => (100 * (now - then)) / then : (now, then) => now - then;
  return joined({ times, values }, before, difference);
}

/** The buckets that both rows have. */
function joined(left: Row, right: Row, compute: Compute): Row {
  const times: number[] = [];
  const values: number[] = [];
  let other = 0;
  left.times.forEach((at, index) => {
    while (other < right.times.length && (right.times[other] as number) < at) other++;
    if (right.times[other] !== at) return;
    times.push(at);
    values.push(compute(left.values[index] as number, right.values[other] as number));
  });
  return finite(times, values);
}

/** Drops infinite values: as in Datadog a division by 0 gives no point. */
function finite(times: readonly number[], values: readonly number[]): Row {
  if (values.every(Number.isFinite)) return { times, values };
  const has = (_: number, index: number) => Number.isFinite(values[index]);
  return { times: times.filter(has), values: values.filter(has) };
}
