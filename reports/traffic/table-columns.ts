// Which columns of a table have the time and the number of requests.
import { UserError } from '../../model/user-error.ts';
import { plainLine } from '../format/plain-text.ts';
import { isCountUnit } from './table-count.ts';

export type Columns = {
  readonly time: readonly number[];
  readonly requests: number;
  /** Of the column with the requests; empty without a first line. */
  readonly name: string;
  /** The time that its name says, ms: an hour for `requests/h`. */
  readonly eachMs?: number;
};

const timeNames =
  /^(?:_?time|timestamp|date|datetime|hours?|at|interval|period|start|from|begin|bucket|minute|day|zeit|zeitpunkt|zeitraum|stunde|uhrzeit|datum|von|heure|hora|ora)\b/i;
const requestNames =
  /^(?:(?:number of|total|sum of|#|sum|http|hourly)[ _]?)*(?:requests?|reqs?|hits?|calls|anfragen|aufrufe|zugriffe|requ\u00EAtes|peticiones|richieste|count|requestcount|n)(?:[ _](?:count|total|sum))?$/i;
/** Such a column counts something else, is a mean or a peak ... */
const otherNames = new RegExp(
  [
    'bytes|errors?|fail|latency|duration|\\bms\\b|cpu|mem|percent|%|share|ratio|users?|sessions?|visit|views?\\b|clicks?',
    'connections?|rate|throughput|\\bp\\d\\d|avg|mean|average|median|max|peak|^min$|minimum|response|[45]xx|status|size',
    'bandwidth|price|cost|host|path|url|\\bload\\b|\\bcode\\b|\\bport\\b|\\bids?\\b|\\bindex\\b|version|temperature',
    'anteil|durchsatz|seitenaufrufe|besuche|nutzer|sitzung|fehler|dauer|mittel|durchschnitt|spitze|auslastung',
    'erreur|errore|usuario|utilisateur|sesion|sessione|moyenne|promedio|pages? vues',
  ].join('|'),
  'i',
);
/** ... or counts in thousands, millions or bytes. */
const otherUnits =
  /(?:^|[\W_\d])(?:[kmg](?:i?b|req\w*)?|(?:x|in|×)? ?1[., ']?000(?:[., ']000)?|tsd|mio|mrd|mil|miles|mill?iers?)(?:$|[\W_])|thousand|tausend|million|kilo|mega|[kmg]bit/i;
/** A number of requests in so much time, ms: a count where the rows are as long. */
const rates: readonly (readonly [RegExp, number])[] = [
  [/(?:\/|\bper|_per_|pro)[ _]?s(?:ec\w*|ek\w*)?\b|\b[rqt]ps\b/i, 1000],
  [/(?:\/|\bper|_per_|pro)[ _]?min\w*\b|\brpm\b/i, 60_000],
  [/(?:\/|\bper|_per_|pro)[ _]?(?:h(?:our|r)?|stunde)\b|\bhourly\b/i, 3_600_000],
  [/(?:\/|\bper|_per_|pro)[ _]?(?:d(?:ay)?|tag)\b|\bdaily\b/i, 86_400_000],
];
const dateOrClock = /\d:\d\d|^\d{4}[-/]\d\d?[-/]\d|^\d{1,2}[./]\d{1,2}[./]\d{4}|^\d{10}(?:\d{3})?$/;
const dateAlone = /^(?:\d{4}[-/]\d\d?[-/]\d\d?|\d{1,2}[./]\d{1,2}[./]\d{4})$/;
const clockAlone = /^\d{1,2}:\d\d/;
const hourNames = /^(?:hour|stunde|heure|hora|ora)s?\b/i;

/** Returns places of columns; two for a date and a clock. Throws a UserError that asks for a name when it is not clear which counts requests. */
export function chooseColumns(file: string, names: readonly string[] | undefined, row: readonly unknown[]): Columns {
  const texts = row.map((cell) => String(cell ?? '').trim());
  const width = Math.max(texts.length, names?.length ?? 0);
  const places = Array.from({ length: width }, (_, place) => place);
  const unit = texts[names?.findIndex((name) => /^unit$/i.test(name.trim())) ?? -1];
  if (!isCountUnit(unit))
    throw new UserError(
      `${file} has the unit ${plainLine(unit ?? '')}, not Count: a table needs the number of requests`,
    );
  const time = timePlaces(places, texts, names);
  const others = places.filter((place) => !time.includes(place) && !(isTime(texts[place]) && width > 2));
  const numbers = others.filter((place) => /^[-+]?\d/.test(texts[place] ?? ''));
  const rest = names && numbers.length > 0 ? numbers : others;
  if (names && numbers.length === 0 && others.length > 1)
    throw new UserError(
      `${file}: none of ${others.map((place) => plainLine(names[place] ?? '')).join(', ')} has a number in the first row. A table needs a time and the number of requests; a log of requests is described with --log-format`,
    );
  const nameOf = (place: number) => (names?.[place] ?? '').trim();
  const named = rest.filter((place) => requestNames.test(nameOf(place)));
  const exact = named.filter((place) => /^requests$/i.test(nameOf(place)));
  const [only, another] = exact.length === 1 ? exact : named.length > 0 ? named : rest;
  if (only !== undefined && another === undefined) {
    const name = nameOf(only);
    const ms = rates.find(([pattern]) => pattern.test(name))?.[1];
    const isOther = named.length === 0 && (otherNames.test(name) || otherUnits.test(name));
    if (!isOther) return { time, requests: only, name: plainLine(name), ...(ms !== undefined && { eachMs: ms }) };
  }
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
  const hour = places.find((place) => hourNames.test(names?.[place]?.trim() ?? '') && place !== day);
  if (day !== undefined && hour !== undefined) return [day, hour];
  const named = places.find((place) => timeNames.test(names?.[place]?.trim() ?? ''));
  return [dates[0] ?? named ?? 0];
}

function isTime(text = ''): boolean {
  return dateOrClock.test(text);
}
