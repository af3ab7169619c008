// What a stage's lines and those of its shards say of the generators themselves: their first second, pauses, bytes and connections.
import { latencyOf } from '../latency/latency.ts';
import type { Latency } from '../latency/latency-schema.ts';
import { present } from '../present.ts';
import type { LoadLine, StageEndLine } from '../second.ts';
import type { StageRecord } from './stage-record.ts';

type GeneratorFigures = Pick<StageRecord, 'firstSecondLagUs' | 'pauses' | 'bytes' | 'keepAlive'>;

/** From the lines of one stage; each figure is absent where no line has it. */
export function generatorFigures(seconds: readonly LoadLine[], ends: readonly StageEndLine[]): GeneratorFigures {
  const firstSecondLagUs = latencyOf(firstSeconds(seconds).map((line) => line.lagUs));
  const pauses = seconds.flatMap(({ stalledS, pausedS }) =>
    stalledS === undefined || pausedS === undefined ? [] : [{ stalledS, pausedS }],
  );
  const bytes = seconds.flatMap((line) => line.bytes ?? []);
  const connections = ends.flatMap((line) => line.connections ?? []);
  const connectUs = latencyOf(connections.map((each) => each.connectUs));
  const handshakeUs = latencyOf(connections.map((each) => each.handshakeUs));
  return figuresOf({ firstSecondLagUs, pauses, bytes, connections, connectUs, handshakeUs });
}

/** The first second of each generator. */
export function firstSeconds(seconds: readonly LoadLine[]): LoadLine[] {
  const first = new Map<number, LoadLine>();
  for (const line of seconds) {
    const known = first.get(line.generator);
    if (known === undefined || line.at < known.at) first.set(line.generator, line);
  }
  return [...first.values()];
}

/** From the same stage of several shards. */
export function mergeGeneratorFigures(parts: readonly StageRecord[]): GeneratorFigures {
  const firstSecondLagUs = latencyOf(parts.map((part) => part.firstSecondLagUs?.histogram));
  const pauses = parts.flatMap((part) => part.pauses ?? []);
  const bytes = parts.flatMap((part) => part.bytes ?? []);
  const kept = parts.flatMap((part) => part.keepAlive ?? []);
  const connectUs = latencyOf(kept.map((each) => each.connectUs?.histogram));
  const handshakeUs = latencyOf(kept.map((each) => each.handshakeUs?.histogram));
  return figuresOf({ firstSecondLagUs, pauses, bytes, connections: kept, connectUs, handshakeUs });
}

type Parts = {
  readonly firstSecondLagUs: Latency | undefined;
  readonly pauses: readonly { readonly stalledS: number; readonly pausedS: number }[];
  readonly bytes: readonly { readonly sent: number; readonly received: number }[];
  readonly connections: readonly {
    readonly opened: number;
    readonly resumed?: number;
    readonly unopened?: number;
    readonly unasked?: number;
  }[];
  readonly connectUs: Latency | undefined;
  readonly handshakeUs: Latency | undefined;
};

function figuresOf({ firstSecondLagUs, pauses, bytes, connections, connectUs, handshakeUs }: Parts): GeneratorFigures {
  return {
    ...present({ firstSecondLagUs }),
    ...(pauses.length > 0 && { pauses: add(pauses, ['stalledS', 'pausedS']) }),
    ...(bytes.length > 0 && { bytes: add(bytes, ['sent', 'received']) }),
    ...(connections.length > 0 && {
      keepAlive: {
        ...add(connections, ['opened']),
        ...present({ connectUs }),
        ...(handshakeUs && { ...add(connections, ['resumed']), handshakeUs }),
        ...(connections.some((each) => each.unopened) && add(connections, ['unopened'])),
        ...(connections.some((each) => each.unasked) && add(connections, ['unasked'])),
      },
    }),
  };
}

function add<Key extends string>(parts: readonly { readonly [K in Key]?: number }[], keys: readonly Key[]) {
  const totals = keys.map((key) => [key, parts.reduce((sum, part) => sum + (part[key] ?? 0), 0)]);
  return Object.fromEntries(totals) as Record<Key, number>;
}
