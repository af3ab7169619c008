// JSON as jq, SDKs and consoles leave it -> the document that the program itself prints, or a table.
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { isCountable } from './json-table.ts';

/** Objects around the document of a program. */
const deepest = 3;

const isListOf = (value: unknown, has: (each: JsonObject) => boolean): value is readonly JsonObject[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isJsonObject(each) && has(each));

const isPoint = (each: JsonObject) => 'Timestamp' in each && ['Average', 'Maximum'].some((name) => name in each);
const isResult = (each: JsonObject) => Array.isArray(each.Timestamps) && Array.isArray(each.Values);
const isMatrix = (each: JsonObject) =>
  isJsonObject(each.metric) && Array.isArray(each.values) && Array.isArray(each.values[0]);
const isGoogle = (each: JsonObject) => isJsonObject(each.metric) && Array.isArray(each.points);
const isKnown = (each: JsonObject) => 'Datapoints' in each || 'MetricDataResults' in each || 'sysstat' in each;

/** The documents in a part of one; none where it has no known shape. */
export function knownShapes(value: unknown, depth = deepest): readonly JsonObject[] {
  if (isListOf(value, isKnown)) return value;
  if (isListOf(value, isPoint)) return [{ Datapoints: value }];
  if (isListOf(value, isResult)) return [{ MetricDataResults: value }];
  if (isListOf(value, isMatrix)) return [{ data: { resultType: 'matrix', result: value } }];
  if (isListOf(value, isGoogle)) return [{ timeSeries: value }];
  if (!isJsonObject(value)) return [];
  if (isKnown(value)) return [value];
  if (isResult(value)) return [{ MetricDataResults: [value] }];
  if (Array.isArray(value.datapoints)) return [inCapitals(value)];
  if (isMatrix(value)) return knownShapes([value]);
  const exported = ofVictoria(value);
  if (exported) return [exported];
  if (depth === 0 || isCountable(value)) return [];
  return Object.values(value).flatMap((each) => knownShapes(each, depth - 1));
}

/** SDKs of some languages begin names with a small letter. */
function inCapitals({ label, datapoints }: JsonObject): JsonObject {
  const named = (each: JsonObject) =>
    Object.fromEntries(
      Object.entries(each).map(([name, value]) => [name.replace(/^[a-z]/, (a) => a.toUpperCase()), value]),
    );
  return { Label: label, Datapoints: (datapoints as readonly JsonObject[]).map(named) };
}

/** VictoriaMetrics' export: a series a line. */
function ofVictoria({ metric, values, timestamps }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(metric) || !Array.isArray(values) || !Array.isArray(timestamps)) return undefined;
  const points = timestamps.map((ms, place) => [Number(ms) / 1000, String(values[place])]);
  return { data: { resultType: 'matrix', result: [{ metric, values: points }] } };
}
