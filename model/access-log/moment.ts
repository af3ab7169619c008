// Times as logs write them -> milliseconds since the epoch.

/** `zone` as the line gives it (`+0100`, `Z`); `none` where it gives none and the time was read as UTC. */
export type LogTime = { readonly atMs: number; readonly zone: string };

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** UTC-12:00 and UTC+14:00 are the outermost zones in use. */
const [westernmost, easternmost] = [-12 * 60, 14 * 60];
/** Zones differ by quarters of an hour. */
const quarterMs = 900_000;

/** Names of zones that mean one distance from UTC, in hours. */
const namedZones: Readonly<Record<string, number>> = {
  ...{ UTC: 0, GMT: 0, WET: 0, WEST: 1, BST: 1, CET: 1, CEST: 2, MET: 1, MEST: 2, EET: 2, EEST: 3, MSK: 3 },
  ...{ EST: -5, EDT: -4, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, HST: -10 },
  ...{ BRT: -3, AKST: -9, AKDT: -8, WAT: 1, CAT: 2, SAST: 2, EAT: 3, PKT: 5, WIB: 7, ICT: 7, SGT: 8, HKT: 8 },
  ...{ AWST: 8, JST: 9, KST: 9, AEST: 10, AEDT: 11, NZST: 12, NZDT: 13 },
};
/** Of several countries, far from each other: read as UTC. */
const unclearZones = ['IST', 'CST', 'AST', 'SST', 'GST'];
/** A pattern of these names. */
export const zoneNames = Object.keys(namedZones)
  .sort((a, b) => b.length - a.length)
  .join('|');

/** With those that are read as UTC. */
export const anyZoneName = [zoneNames, ...unclearZones].join('|');

/** Whether a name is that of several zones. */
export function isUnclearZone(zone: string): boolean {
  return unclearZones.includes(zone);
}

/** Minutes east of UTC of `Z`, `UTC`, `+0100`, `+01:00`, `+01`; NaN for a zone that does not exist. */
export function zoneMinutes(zone: string): number {
  if (zone === 'Z' || zone === '+00:00' || isUnclearZone(zone)) return 0;
  const named = namedZones[zone.toUpperCase()];
  if (named !== undefined) return named * 60;
  if (/^(?:Z|none)$/i.test(zone)) return 0;
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  const east = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return Number(minutes) < 60 && east >= westernmost && east <= easternmost ? east : Number.NaN;
}

/** Midnight UTC of a day; NaN for one that does not exist, like 30 February. */
export function dayMs(year: number, month: number, day: number): number {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  return date.getUTCDate() === day && date.getUTCMonth() === month - 1 ? ms : Number.NaN;
}

/** Number of a month by its English name, from 1; NaN for another word. */
export function monthNumber(name: string): number {
  return monthNames.indexOf(name.toLowerCase()) + 1 || Number.NaN;
}

/** Milliseconds since midnight of hour, minute and second; NaN for a clock that does not exist. */
export function clockMs(clock: readonly (string | undefined)[]): number {
  const [hour, minute] = [Number(clock[0] ?? 0), Number(clock[1] ?? 0)];
  const second = Number(clock[2]?.replace(',', '.') ?? 0);
  // A leap second is 60.
  if (hour > 23 || minute > 59 || second >= 61) return Number.NaN;
  return Math.floor(((hour * 60 + minute) * 60 + second) * 1000 + 1e-6);
}

/** A clock on a day, which is midnight UTC, in a zone; undefined for one that does not exist. */
export function moment(day: number, clock: readonly (string | undefined)[], zone = 'none'): LogTime | undefined {
  const atMs = day + clockMs(clock) - zoneMinutes(zone) * 60_000;
  return Number.isNaN(atMs) ? undefined : { atMs, zone };
}

/** Returns a reader of `12/Mar/2026` with a clock and a zone; the same day and zone as before cost nothing. */
export function createClfReader() {
  let [knownDay, knownDayMs, knownZone, knownZoneMs] = ['', Number.NaN, '', Number.NaN];
  return (day: string, hour: string, minute: string, second: string, zone: string): LogTime | undefined => {
    if (day !== knownDay) {
      const [dayOfMonth, month = '', year] = day.split('/');
      [knownDay, knownDayMs] = [day, dayMs(Number(year), monthNumber(month), Number(dayOfMonth))];
    }
    if (zone !== knownZone) [knownZone, knownZoneMs] = [zone, zoneMinutes(zone) * 60_000];
    const [h, m, s] = [Number(hour), Number(minute), Number(second)];
    const atMs = knownDayMs + ((h * 60 + m) * 60 + s) * 1000 - knownZoneMs;
    return h > 23 || m > 59 || s > 60 || Number.isNaN(atMs) ? undefined : { atMs, zone };
  };
}

/**
 * A time without a zone, in the zone in which it is that of the collector, within a minute; unchanged where there is none: the collector was
 * late.
 */
export function zonedBy<T extends LogTime>(found: T, collector: LogTime | undefined): T {
  const isOpen = (zone: string): boolean => zone === 'none' || isUnclearZone(zone);
  if (!isOpen(found.zone) || collector === undefined || isOpen(collector.zone)) return found;
  const aheadMs = found.atMs - collector.atMs;
  const minutes = Math.round(aheadMs / quarterMs) * (quarterMs / 60_000);
  const isZone = minutes >= westernmost && minutes <= easternmost;
  if (!isZone || Math.abs(aheadMs - minutes * 60_000) > 60_000) return found;
  const clock = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const zone = `${minutes < 0 ? '-' : '+'}${clock.map((each) => String(each).padStart(2, '0')).join(':')}`;
  return { ...found, atMs: found.atMs - minutes * 60_000, zone: minutes === 0 ? 'Z' : zone };
}
