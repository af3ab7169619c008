const form = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * A time like 2026-01-31T12:00:00Z, or a day (UTC), in ms since 1970; NaN for anything else. Date.parse guesses at other forms, takes a time
 * without a zone for that of this machine, and 30 February for a day in March.
 */
export function isoTime(text: string): number {
  const [, day] = form.exec(text) ?? [];
  const ms = Date.parse(text);
  if (day === undefined || Number.isNaN(ms)) return Number.NaN;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? ms : Number.NaN;
}
