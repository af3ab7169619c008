// The slowest of the requests that carried a trace context (--trace), to be looked up in a tracing system.
import type { RunRecord } from '../../model/run-record.ts';
import type { TracedRequest } from '../../model/traces.ts';
import { formatCount, formatLatency, formatTime } from '../format/format.ts';
import { number, type Table, tableOf, text } from './table.ts';

type Row = TracedRequest & { readonly stage: string };

/** The slowest of all stages first. */
export function tracesTable({ stages }: Pick<RunRecord, 'stages'>): Table {
  const rows = stages.flatMap(({ name, traces }) =>
    (traces?.slowest ?? []).map((each): Row => ({ ...each, stage: name })),
  );
  const sampled = stages.reduce((sum, { traces }) => sum + (traces?.sampled ?? 0), 0);
  return tableOf<Row>(
    rows.sort((a, b) => b.latencyUs - a.latencyUs),
    [
      text('Trace', ({ traceId }) => ({ text: traceId, kind: 'code' })),
      number('Latency', ({ latencyUs }) => latencyUs, formatLatency),
      text('Status', ({ status }) => (status === undefined ? 'timed out' : String(status))),
      text('Route', ({ route }) => route),
      text('Stage', ({ stage }) => stage),
      text('Time (UTC)', ({ at }) => formatTime(at)),
    ],
    {
      caption: `Slowest of ${formatCount(sampled)} traced requests`,
      empty: 'No request carried a trace context.',
      noun: 'traced requests',
      most: 20,
    },
  );
}
