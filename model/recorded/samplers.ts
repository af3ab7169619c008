// vmstat -t, dstat --output and Windows' performance counters -> CSV. They print a sample when its interval ends.
import { UserError } from '../user-error.ts';

const header = 'time,%user,%system,%idle,%iowait,%steal';
const vmstat = /^ *r +b +swpd .* us +sy +id\b/m;
const dstat = /^"(?:pcp-)?dstat .*CSV output"/i;
const perfmon = /^"\(PDH-CSV 4\.0\)(?: \([^)]*\)\((-?\d+)\))?"/;

/** The CSV of what such a program printed; undefined for any other text. Throws a UserError for a vmstat without times. */
export function tableOfSampler(text: string, file: string): string | undefined {
  if (perfmon.test(text)) return ofPerfmon(text);
  if (dstat.test(text)) return ofDstat(text);
  return vmstat.test(text.slice(0, 4000)) ? ofVmstat(text, file) : undefined;
}

/** Places of the columns of CPU, of which not every version has the last. */
function pick(names: readonly string[], wanted: readonly string[], cells: readonly string[]): string {
  return wanted.map((name) => cells[names.indexOf(name)] ?? '').join(',');
}

function ofVmstat(text: string, file: string): string {
  let [names, rows]: [readonly string[], string[]] = [[], []];
  for (const line of text.split(/\r?\n/)) {
    const cells = line.trim().split(/\s+/);
    if (cells[0] === 'r') names = cells;
    if (!/^\d+$/.test(cells[0] ?? '')) continue;
    const [, time] = /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$/.exec(line) ?? [];
    if (time === undefined) throw new UserError(`${file} is of vmstat and has no times. Record it with vmstat -t 60`);
    const zone = /^[A-Z]{3,4}$/.test(names.at(-1) ?? '') ? ` ${names.at(-1)}` : '';
    rows.push(`${time}${zone},${pick(names, ['us', 'sy', 'id', 'wa', 'st'], cells)}`);
  }
  // The first is the mean since the machine started.
  rows = rows.slice(1);
  return [header, ...rows].join('\n');
}

function ofDstat(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.split(',').map((cell) => cell.replaceAll('"', '').trim()));
  const at = lines.findIndex((cells) => cells.includes('usr') && cells.includes('idl'));
  const names = lines[at] ?? [];
  const [, year = ''] = /"Date:","[^"]*\b(20\d\d)\b/.exec(text) ?? [];
  const timeOf = (cell: string) => cell.replace(/^(\d\d)-(\d\d) (?=\d)/, `${year}-$2-$1 `);
  const rows = lines
    .slice(at + 1)
    .filter((cells) => cells.length > 1)
    .map((cells) => `${timeOf(cells[0] ?? '')},${pick(names, ['usr', 'sys', 'idl', 'wai', 'stl'], cells)}`);
  // The first is the mean since the machine started.
  return [header, ...(text.startsWith('"pcp') ? rows : rows.slice(1))].join('\n');
}

/** The month is first, and the head has the minutes from the clock to UTC. */
function ofPerfmon(text: string): string {
  const [, minutes] = perfmon.exec(text) ?? [];
  const east = -Number(minutes);
  const clock = [Math.floor(Math.abs(east) / 60), Math.abs(east) % 60].map((each) => String(each).padStart(2, '0'));
  const zone = minutes === undefined ? '' : `${east < 0 ? '-' : '+'}${clock.join(':')}`;
  return text
    .replace(perfmon, '"time"')
    .replace(/^"(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)\.\d+"/gm, `"$3-$1-$2 $4${zone}"`);
}
