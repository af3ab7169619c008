// Which columns of a table have the time and the number of requests.
import { UserError } from '../../model/user-error.ts';
import { plainLine } from '../format/plain-text.ts';

export type Columns = { readonly time: readonly number[]; readonly requests: number };

const timeNames =
  /^(?:_?time|timestamp|date|datetime|hours?|at|interval|period|start|from|begin|bucket|minute|day|zeit|zeitpunkt|zeitraum|stunde|uhrzeit|datum|von|heure|hora|ora)\b/i;
const requestNames =
  /^(?:(?:number of|total|sum of|#|sum|http)[ _]?)*(?:requests?|reqs?|hits?|calls|anfragen|aufrufe|zugriffe|requ\u00EAtes|peticiones|richieste|count|requestcount|n)(?:[ _](?:count|total|sum))?$/i;
/** Such a column counts something else, or is a rate. */
const otherNames =
  /bytes|errors?|fail|latency|duration|\bms\b|cpu|mem|percent|%|users?|sessions?|visit|\/ ?(?:s|min|h)|per[ _]?(?:s|min)|rps|qps|rate|\bp\d\d|avg|mean|average|response|[45]xx|status|size|bandwidth|price|cost|host|path|url/i;
const dateOrClock = /\d:\d\d|^\d{4}[-/]\d\d?[-/]\d|^\d{1,2}[./]\d{1,2}[./]\d{4}|^\d{10}(?:\d{3})?$/;
const dateAlone = /^(?:\d{4}[-/]\d\d?[-/]\d\d?|\d{1,2}[./]\d{1,2}[./]\d{4})$/;
const clockAlone = /^\d{1,2}:\d\d/;

/** Returns places of columns; two for a date and a clock. Throws a UserError that asks for a name when it is not clear which counts requests. */
export function chooseColumns(file: string, names: readonly string[] | undefined, row: readonly unknown[]): Columns {
  const texts = row.map((cell) => String(cell ?? '').trim());
  const width = Math.max(texts.length, names?.length ?? 0);
  const places = Array.from({ length: width }, (_, place) => place);
  const time = timePlaces(places, texts, names);
  const rest = places.filter((place) => !time.includes(place) && !(isTime(texts[place]) && width > 2));
  const nameOf = (place: number) => (names?.[place] ?? '').trim();
  const named = rest.filter((place) => requestNames.test(nameOf(place)));
  const exact = named.filter((place) => /^requests$/i.test(nameOf(place)));
  const [only, another] = exact.length === 1 ? exact : named.length > 0 ? named : rest;
  const isOther = only !== undefined && named.length === 0 && otherNames.test(nameOf(only));
  if (only !== undefined && another === undefined && !isOther) return { time, requests: only };
  const listed = rest.map((place) => plainLine(nameOf(place)) || `column ${place + 1}`).join(', ');
  throw new UserError(
    only === undefined
      ? `${file} has a single column: a table needs a time and a number of requests`
      : `${file}: which column has the number of requests (${listed})? Name it "requests" in the first line, or keep only that and the time`,
  );
}

function timePlaces(
  places: readonly number[],
  texts: readonly string[],
  names: readonly string[] | undefined,
): readonly number[] {
  const dates = places.filter((place) => isTime(texts[place]) && !requestNames.test(names?.[place] ?? ''));
  const day = dates.find((place) => dateAlone.test(texts[place] ?? ''));
  const clock = dates.find((place) => clockAlone.test(texts[place] ?? ''));
  if (day !== undefined && clock !== undefined) return [day, clock];
  const named = places.find((place) => timeNames.test(names?.[place]?.trim() ?? ''));
  return [dates[0] ?? named ?? 0];
}

function isTime(text = ''): boolean {
  return dateOrClock.test(text);
}
