// What collectors of logs put before a line: colours, names of containers, syslog headers, times.
import { findMoment } from './find-moment.ts';
import { anyZoneName, type LogTime } from './moment.ts';
import type { Yearless } from './yearless.ts';

type Prefixed = {
  readonly text: string;
  /** Who wrote the line, where the prefix says so; empty without one. */
  readonly source: string;
  /** When the collector got the line. */
  readonly moment?: LogTime | undefined;
  /** The prefix has a month and a day, and no year. */
  readonly isYearAssumed?: true;
  /** A container runtime split the line: the next of the same stream continues it. */
  readonly isPartial?: true;
};

const esc = String.fromCodePoint(0x1b);
const colours = new RegExp(`(?:${esc}|\\^\\[)\\[[0-9;?]*[A-Za-z]`, 'g');
/** As a clipboard leaves them: without the escape character. */
const bareColours = /^\[\d+(?:;\d+)*m|(?<=\|)\[0?m/g;
const iso = '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?';
const cri = new RegExp(`^(${iso}) (stdout|stderr) ([FP])(?:[:\\w]*)(?: |$)`);
const compose = /^([A-Za-z][\w.@-]*) *\|(?: |$)/;
const kubectl = /^\[(pod\/[^\]\s]+)\] /;
const rfc3164 =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d:\d\d:\d\d)(?:\.\d+)? (?:(\S+) )??([\w./@-]+)(?:\[\d+\])?: ?/;
const rfc5424 = new RegExp(
  `^<\\d{1,3}>1 (-|${iso}) \\S+ (\\S+) \\S+ \\S+ (?:-|(?:\\[(?:[^\\]\\\\"]|\\\\.|"(?:[^"\\\\]|\\\\.)*")*\\])+) ?\uFEFF?`,
);
/** journalctl -o short-iso, short-full and short-unix, and rsyslog's own format. */
const dated = new RegExp(
  `^(?:[A-Z][a-z]{2} )?(${iso}|\\d{10}\\.\\d{6})(?: (${anyZoneName}|[+-]\\d\\d(?:\\d\\d)?))? (\\S+) ([\\w./@-]+)(?:\\[\\d+\\])?: `,
);
/** Heroku: the router and the app each write a line for a request. */
const dyno = new RegExp(`^(${iso}) (heroku|app)\\[([\\w.-]+)\\]: `);
/** docker logs -t, kubectl logs --timestamps. */
const stamped = new RegExp(`^(${iso}(?: (?:${anyZoneName})\\b)?) (?=\\S)`);

/** Takes the prefixes off a line, from the outermost. `yearless` gives syslog its year. */
export function takePrefix(line: string, yearless: Yearless): Prefixed {
  // Most lines begin with an address, or are a record.
  if ((line.startsWith('{"') || /^\d{1,3}\.\d{1,3}\.\d/.test(line)) && !line.includes(esc))
    return { text: line, source: '' };
  let found: Prefixed = { text: withoutColours(line), source: '' };
  for (let depth = 0; depth < 4; depth++) {
    const next = takeOne(found, yearless);
    if (!next) break;
    found = { ...found, ...next, moment: next.moment ?? found.moment };
  }
  return found;
}

function withoutColours(line: string): string {
  const plain = line.includes(esc) || line.includes('^[[') ? line.replace(colours, '') : line;
  return /^\[\d+(?:;\d+)*m/.test(plain) ? plain.replace(bareColours, '') : plain;
}

function takeOne({ text, source }: Prefixed, yearless: Yearless): Prefixed | undefined {
  const inCri = cri.exec(text);
  if (inCri)
    return {
      text: text.slice(inCri[0].length),
      source: join(source, inCri[2]),
      moment: momentOf(inCri[1]),
      ...(inCri[3] === 'P' && { isPartial: true }),
    };
  const named = compose.exec(text) ?? kubectl.exec(text);
  if (named) return { text: text.slice(named[0].length), source: join(source, named[1]) };
  const in5424 = rfc5424.exec(text);
  if (in5424)
    return { text: text.slice(in5424[0].length), source: join(source, in5424[2]), moment: momentOf(in5424[1]) };
  const in3164 = rfc3164.exec(text);
  if (in3164) return readSyslog(text, source, in3164, yearless);
  const inDated = dated.exec(text);
  if (inDated)
    return {
      text: text.slice(inDated[0].length),
      source: join(source, inDated[4]),
      moment: momentOf(`${inDated[1]} ${inDated[2] ?? ''}`),
    };
  const inDyno = dyno.exec(text);
  if (inDyno) {
    const name = inDyno[2] === 'app' ? `app ${inDyno[3]?.replace(/\.\d+$/, '')}` : inDyno[3];
    return { text: text.slice(inDyno[0].length), source: join(source, name), moment: momentOf(inDyno[1]) };
  }
  const inStamped = stamped.exec(text);
  if (inStamped) return { text: text.slice(inStamped[0].length), source, moment: momentOf(inStamped[1]) };
  return undefined;
}

function readSyslog(text: string, source: string, match: RegExpExecArray, yearless: Yearless): Prefixed {
  const [whole, month = '', day = '', year, clock = '', , tag] = match;
  const base = { text: text.slice(whole.length), source: join(source, tag) };
  if (year !== undefined) return { ...base, moment: momentOf(`${month} ${day} ${clock} ${year}`) };
  const moment = yearless.read(month, day, clock);
  return { ...base, moment, isYearAssumed: true };
}

function momentOf(text: string | undefined): LogTime | undefined {
  const found = findMoment(text ?? '');
  return found === 'impossible' ? undefined : found;
}

function join(outer: string, inner = ''): string {
  return outer === '' ? inner : `${outer} ${inner}`;
}
