// What a replay counts beyond an open stage: answers with another status than in the log, by pattern.
import type { Finding } from '../../model/finding.ts';
import type { DifferingAnswers, StageEndLine } from '../../model/second.ts';
import { answersExpected, notInLog } from '../replay/expected-status.ts';
import { OpenTally } from './open-tally.ts';
import type { ReplayOrder } from './stage-order.ts';
import { statusCount } from './statuses.ts';

export class ReplayTally extends OpenTally {
  readonly #order: Pick<ReplayOrder, 'requests' | 'names' | 'nameOf'>;
  readonly #differing = new Map<number, number>();

  constructor(order: Pick<ReplayOrder, 'stage' | 'generator' | 'requests' | 'names' | 'nameOf'>) {
    const { stage, generator, requests, names, nameOf } = order;
    const tables = Array.from({ length: statusCount }, () => undefined as Uint8Array | undefined);
    const tableOf = (status: number): Uint8Array => {
      const table =
        tables[status] ?? Uint8Array.from({ length: statusCount }, (_, each) => +answersExpected(status, each));
      tables[status] = table;
      return table;
    };
    super(stage, generator, { names, nameOf, expected: Array.from(requests.status, tableOf) });
    this.#order = order;
  }

  override answered(route: number, status: number, latencyUs: number): boolean {
    const asExpected = super.answered(route, status, latencyUs);
    if (!asExpected) {
      const { requests, nameOf } = this.#order;
      const key = ((nameOf[route] as number) * statusCount + (requests.status[route] as number)) * statusCount + status;
      this.#differing.set(key, (this.#differing.get(key) ?? 0) + 1);
    }
    return asExpected;
  }

  override end(aborted?: Finding): StageEndLine {
    const differing = [...this.#differing].map(([key, requests]): DifferingAnswers => {
      const [pair, status] = [Math.floor(key / statusCount), key % statusCount];
      const name = this.#order.names[Math.floor(pair / statusCount)] as string;
      const inLog = pair % statusCount;
      return { route: name, inLog: inLog === notInLog ? 0 : inLog, status, requests };
    });
    return { ...super.end(aborted), differing: differing.sort((a, b) => b.requests - a.requests) };
  }
}
