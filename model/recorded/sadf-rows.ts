// `sadf -d`: rows between semicolons, under a heading for each kind of figures. A point is stamped with the end of its interval.
import { UserError } from '../user-error.ts';
import { createLines, readNumber } from './csv-lines.ts';
import type { ReadTime } from './point-time.ts';
import type { Drafts } from './recorded-file.ts';
import { createTable } from './sysstat.ts';

/** Under `# hostname;interval;timestamp;CPU;%user;...;%idle`; CPU -1 are all. Throws a UserError that names the line. */
export function readSadfRows(text: string, file: string, readTime: ReadTime): Drafts {
  const numbers: number[] = [];
  const hosts = new Set<string>();
  const table = createTable((index) => `line ${numbers[index]}`);
  const lines = createLines(text);
  const where = () => `${file} line ${lines.number()}`;
  let names: readonly string[] = [];
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const cells = line.trim().split(';');
    if (line.startsWith('#')) {
      names = cells.map((cell) => cell.replace(/^%|\[\.\.\.\]$/g, ''));
      continue;
    }
    const [host = '', , stamp = ''] = cells;
    const cpu = names.indexOf('CPU');
    if (cpu < 0 || !names.includes('idle') || !/^(-1|all)$/.test(cells[cpu] ?? '')) continue;
    const at = readTime(stamp, table.times.at(-1));
    if (at === undefined) throw new UserError(`${where()}: "${stamp}" is not a time`);
    hosts.add(host);
    numbers.push(lines.number());
    table.add(
      at,
      names.flatMap((name, place) =>
        place > cpu ? [[name, readNumber(cells[place] ?? '', true, name, where)] as const] : [],
      ),
    );
  }
  const [host, other] = hosts;
  if (host === undefined) throw new UserError(`${file} has no rows of all CPUs with %idle. Use sadf -d FILE -- -u`);
  if (other !== undefined) throw new UserError(`${file} has several hosts (${host}, ${other}). Give one`);
  return { format: 'sadf-rows', host, drafts: table.drafts() };
}
