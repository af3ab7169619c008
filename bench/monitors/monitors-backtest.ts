// 20 monitors over a day of points every 15 seconds.
import { backtest } from '../../monitors/backtest/backtest.ts';
import { allDefinitions } from '../../monitors/definitions/all.ts';
import { parseQuery } from '../../monitors/query/query.ts';
import { seriesOf } from '../../monitors/query/query-expression.ts';
import { queryText } from '../../monitors/spec/wanted-monitor.ts';
import { print } from '../rounds.ts';

const days = 1;
const intervalS = 15;
const monitors = 20;

export const claim = 'a backtest of 20 monitors over 24 h at 15 s takes under 1 s';

/** Times one backtest, the sweep of thresholds included. */
export async function run(): Promise<boolean> {
  const host = 'i-0abc';
  const nine = await allDefinitions({ host, recipients: [], tags: [] });
  const definitions = Array.from({ length: monitors }, (_, index) => {
    const each = nine[index % nine.length];
    if (!each) throw new Error('there are no definitions');
    return { ...each, key: `${each.key}-${index}` };
  });
  const metrics = new Set(
    nine.flatMap((each) => seriesOf(parseQuery(queryText(each)).expression).map(({ metric }) => metric)),
  );
  const start = Date.UTC(2026, 0, 1);
  const series = [...metrics].map((metric) => ({
    metric,
    tags: [`host:${host}`],
    intervalS,
    points: Array.from({ length: (days * 86_400) / intervalS }, (_, index): [number, number] => [
      start + (index + 1) * intervalS * 1000,
      50 + 50 * Math.sin(index / 40),
    ]),
  }));
  const breaches = [{ from: '2026-01-01T06:00:00Z', to: '2026-01-01T06:10:00Z' }];
  const begin = performance.now();
  const { document } = backtest({ definitions, series, breaches });
  const seconds = (performance.now() - begin) / 1000;
  const evaluations = document.monitors.reduce((total, each) => total + each.evaluations, 0);
  const points = series.length * (series[0]?.points.length ?? 0);
  print(`${monitors} monitors, ${points} points, ${evaluations} evaluations: ${seconds.toFixed(2)} s`);
  return seconds < 1 && document.monitors.every((each) => each.evaluations > 0);
}
