// Tables of requests as dashboards and databases export them.
import { expect, test } from '@jest/globals';
import { createTrafficReader } from '../../traffic/read-traffic.ts';

function read(text: string) {
  const reader = createTrafficReader({ nowMs: Date.parse('2026-03-20T00:00:00Z') });
  reader.begin('traffic');
  reader.add(Buffer.from(text));
  reader.end();
  const { pieces, startHour } = reader.finish();
  const sum = (of: (piece: (typeof pieces)[number]) => number) => pieces.reduce((all, piece) => all + of(piece), 0);
  return {
    requests: Math.round(sum(({ hours, ratePerS }) => hours * 3600 * ratePerS)),
    hours: sum(({ hours }) => hours),
    startHour,
  };
}

const hours = [9, 10, 11, 12];
const rows = (make: (hour: number) => string, head: string) => `${head}\n${hours.map(make).join('\n')}\n`;
const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`;
const four = { requests: 4800, hours: 4, startHour: 9 };

test.each([
  ['a title', rows((h) => `2026-03-12 ${clock(h)},1200`, 'Requests by hour\nTime,Requests')],
  [
    'a title of several lines',
    rows((h) => `2026-03-12 ${clock(h)},1200`, 'Traffic,,\nMade 2026-03-13,,\n\nTime,Requests'),
  ],
  ['a sum at the end', `${rows((h) => `2026-03-12 ${clock(h)},1200`, 'Time,Requests')}Total,4800\n`],
  ['a sum in German', `${rows((h) => `2026-03-12 ${clock(h)};1.200`, 'Zeit;Anfragen')}Summe;4.800\n`],
  ['a sum in front', rows((h) => `2026-03-12 ${clock(h)},1200`, 'Time,Requests\nInsgesamt,4800')],
  ['a column called 2xx', rows((h) => `2026-03-12 ${clock(h)},1000,200,1200`, 'time,2xx,5xx,requests')],
  ['hours as 2026-03-12T09', rows((h) => `2026-03-12T${clock(h).slice(0, 2)},1200`, 'time,requests')],
  ['hours as 9-10 Uhr', rows((h) => `12.03.2026;${h}-${h + 1} Uhr;1200`, 'Datum;Stunde;Anfragen')],
  ['a number for each time', JSON.stringify(Object.fromEntries(hours.map((h) => [`2026-03-12T${clock(h)}Z`, 1200])))],
  ['the frame of psql', rows((h) => ` 2026-03-12 ${clock(h)} |  1200`, '   at   | count \n--------+------')],
  ['the frame of Markdown', rows((h) => `| 2026-03-12 ${clock(h)} | 1200 |`, '| at | requests |\n|---|---|')],
  ['what uniq -c prints', hours.map((h) => `   1200 12/Mar/2026:${clock(h).slice(0, 2)}\n`).join('')],
  ['hours as 9-10', rows((h) => `12.03.2026;${h}-${h + 1};1200`, 'Datum;Stunde;Anfragen')],
  ['a heading of hourly requests', rows((h) => `2026-03-12 ${clock(h)},1200`, 'time,hourly requests')],
  [
    'rows of Logs Insights',
    JSON.stringify({
      results: hours.map((h) => [
        { field: 'bin(1h)', value: `2026-03-12 ${clock(h)}:00.000` },
        { field: 'count(*)', value: '1200' },
      ]),
    }),
  ],
  [
    'one result of get-metric-data',
    JSON.stringify({
      Label: 'RequestCount',
      Timestamps: hours.map((h) => `2026-03-12T${clock(h)}:00Z`),
      Values: hours.map(() => 1200),
    }),
  ],
])('a table with %s is its four hours', (_, text) => {
  expect(read(text)).toEqual(four);
});

test.each([
  'share',
  'Anteil',
  'Throughput',
  'Seitenaufrufe',
  'Besuche',
  'Fehler',
  'Erreurs',
  'load',
  'code',
  'port',
  'id',
  'Auslastung',
])('a column called %s is no number of requests', (name) => {
  expect(() => read(rows((h) => `${h},200`, `hour,${name}`))).toThrow(
    `which column has the number of requests (${name})?`,
  );
});

test('a time whose zone has a name is not one without', () => {
  const reader = createTrafficReader({ nowMs: 0 });
  reader.begin('traffic');
  reader.add(Buffer.from(rows((h) => `2026-03-12 ${clock(h)} CET,1200`, 'time,requests')));
  reader.end();
  const { startHour, notes } = reader.finish();
  expect(startHour).toBe(8);
  expect(notes).toContainEqual({ code: 'zones-converted', zones: ['CET'] });
});

test('a sum that is not that of the rows is refused with its line', () => {
  expect(() => read(`${rows((h) => `2026-03-12 ${clock(h)},1200`, 'Time,Requests')}Total,5000\n`)).toThrow(
    'line 6: "Total" is not a time',
  );
});

test.each([
  [
    'a log without dates of its requests',
    '09:00:01 | 200 | 4ms | 203.0.113.7 | GET | /a | -\n',
    'none of 1 line has the date of its request, the first is line 1',
  ],
  [
    'JSON of something else',
    '{"at":"2026-03-12T09:00:00Z","event":"login","user":"a"}\n'.repeat(2),
    'none of event, user has a number in the first row. A table needs a time and the number of requests',
  ],
  ['a web page', '<!doctype html><html><body>Sign in</body></html>\n', 'is a web page or XML, perhaps that of a login'],
  ['text in brackets', '[main] started\n[main] stopped\n', 'none of 2 lines could be read as a request'],
])('%s is refused in one sentence', (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});
