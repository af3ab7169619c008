// The time window of a monitor: `last_5m`, `last_1d`, `current_1h`, and of a forecast `next_1w`.

const unitS = { m: 60, h: 3600, d: 86_400, w: 604_800, mo: 2_592_000 } as const;
/** The most of each unit that Datadog accepts. */
const most = { m: 10_080, h: 168, d: 30, w: 4, mo: 1 } as const;
/** A forecast reaches further than the metrics that monitors look at. */
const mostAhead = { m: 10_080, h: 720, d: 365, w: 52, mo: 12 } as const;

export type Window = {
  /** In seconds. */
  readonly lengthS: number;
  /** `current`: from the start of the hour, day or month until now. `next`: of a forecast. */
  readonly kind: 'last' | 'current' | 'next';
};

/** Parses the window of a metric monitor; throws an Error that says what is expected. */
export function parseWindow(text: string): Window {
  const [, kind, digits, unit] = /^(last|current|next)_(\d+)(mo|[mhdw])$/.exec(text.trim()) ?? [];
  if (!kind || !digits || !unit)
    throw new Error(`'${text}' is not a window: expected a form like last_5m, last_1h or last_1d`);
  const count = Number(digits);
  const limit = (kind === 'next' ? mostAhead : most)[unit as keyof typeof most];
  if (count < 1 || count > limit) throw new Error(`'${text}' is out of range: 1 to ${limit}${unit}`);
  if (kind === 'current' && (count !== 1 || unit === 'm' || unit === 'w')) {
    throw new Error(`'${text}' is not a window: only current_1h, current_1d and current_1mo exist`);
  }
  return { lengthS: count * unitS[unit as keyof typeof unitS], kind: kind as Window['kind'] };
}

/** Parses `5m_ago` or `last_5m`, how far back a change looks, in seconds. */
export function parseShift(text: string): number {
  const [, last, lastUnit, ago, agoUnit] = /^(?:last_(\d+)(mo|[mhdw])|(\d+)(mo|[mhdw])_ago)$/.exec(text.trim()) ?? [];
  const [digits, unit] = [last ?? ago, lastUnit ?? agoUnit];
  if (!digits || !unit || Number(digits) < 1)
    throw new Error(`'${text}' is not a time shift: expected a form like 5m_ago`);
  return Number(digits) * unitS[unit as keyof typeof unitS];
}
