// Whether a line is one as it should be, found out quickly: a day has 172,800 of them, and zod takes longer than all the rest.
import { isJsonObject } from './json-object.ts';
import type { HostLine, Line, LoadLine } from './second.ts';

/** As `toISOString` writes it, with days that every such month has; 29 February is left to the schema. */
const isoTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

type Loose<T> = { readonly [K in keyof T]?: unknown };

/**
 * True only for a line of load or of a host that `lineSchema` accepts; false says nothing, and leaves the judgement, and the naming
 * of what is wrong, to the schema. A test holds the two together.
 */
export function isSurelyLine(value: unknown): value is Line {
  if (!isJsonObject(value)) return false;
  if (value.kind === 'load') return isLoad(value);
  return value.kind === 'host' && isHost(value);
}

function isLoad(line: Loose<LoadLine>): boolean {
  return (
    isCount(line.stage) &&
    isCount(line.generator) &&
    isTime(line.at) &&
    isAmount(line.durationS) &&
    (line.intended === undefined ? !('intended' in line) : isCount(line.intended)) &&
    (line.dropped === undefined ? !('dropped' in line) : isCount(line.dropped)) &&
    (line.late === undefined ? !('late' in line) : isCount(line.late)) &&
    (line.repeated === undefined ? !('repeated' in line) : isCount(line.repeated)) &&
    (line.lagUs === undefined ? !('lagUs' in line) : typeof line.lagUs === 'string') &&
    (line.inFlightS === undefined ? !('inFlightS' in line) : isAmount(line.inFlightS)) &&
    (line.stalledS === undefined ? !('stalledS' in line) : isAmount(line.stalledS)) &&
    (line.pausedS === undefined ? !('pausedS' in line) : isAmount(line.pausedS)) &&
    (line.bytes === undefined ? !('bytes' in line) : isBytes(line.bytes)) &&
    isCount(line.sent) &&
    isJsonObject(line.outcomes) &&
    isCount(line.outcomes.ok) &&
    isCount(line.outcomes.unexpectedStatus) &&
    isCount(line.outcomes.timeout) &&
    isCount(line.outcomes.connectionError) &&
    isRecordOf(line.statusCounts, isCount) &&
    isRecordOf(line.routes, isRouteCount) &&
    (line.latencyUs === undefined ? !('latencyUs' in line) : typeof line.latencyUs === 'string') &&
    isCount(line.open) &&
    (line.lead === undefined ? !('lead' in line) : line.lead === true) &&
    isAmount(line.eventLoopUtilization) &&
    line.eventLoopUtilization <= 1 &&
    isAmount(line.cpuS)
  );
}

function isBytes(value: unknown): boolean {
  return isJsonObject(value) && isCount(value.sent) && isCount(value.received);
}

function isHost(line: Loose<HostLine>): boolean {
  return (
    isTime(line.at) &&
    typeof line.source === 'string' &&
    typeof line.host === 'string' &&
    isAmount(line.intervalS) &&
    line.intervalS > 0 &&
    isRecordOf(line.metrics, isNumber) &&
    (line.perCore === undefined ? !('perCore' in line) : isRecordOf(line.perCore, isNumbers)) &&
    (line.services === undefined ? !('services' in line) : isRecordOf(line.services, isService))
  );
}

function isRecordOf(value: unknown, fits: (each: unknown) => boolean): boolean {
  if (!isJsonObject(value)) return false;
  for (const key in value) if (!fits(value[key])) return false;
  return true;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(isNumber);
}

function isAmount(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && isoTime.test(value);
}

function isRouteCount(value: unknown): boolean {
  return isJsonObject(value) && isCount(value.ok) && isCount(value.failed);
}

function isService(value: unknown): boolean {
  return isJsonObject(value) && isNumber(value.cpuPercent) && isNumber(value.rssBytes);
}
