// The walks of one generator in one stage: who is on one, and what became of them.
import type { Finding } from '../../model/finding.ts';
import type { Route } from '../../model/profile.ts';
import type { StageEndLine } from '../../model/second.ts';
import { type WalkFailure, type WalksRecord, walksOf } from '../../model/walk.ts';
import { OpenTally } from './open-tally.ts';
import type { WalkOrder } from './stage-order.ts';
import { type RouteTable, routeTable, statusCount } from './statuses.ts';
import { type CompiledWalk, compileWalk } from './walks/compile-walk.ts';
import { Walker } from './walks/walker.ts';

type Order = {
  readonly stage: number;
  readonly generator: number;
  readonly origin: string;
  readonly routes: readonly Route[];
  readonly walk: WalkOrder;
};

export class Walking extends OpenTally {
  readonly #walk: CompiledWalk;
  readonly #rows: Pick<WalkOrder, 'first' | 'every'>;
  #begun = 0;
  #completed = 0;
  readonly #failed: WalksRecord['failed'][number][] = [];

  constructor({ stage, generator, origin, routes, walk }: Order) {
    super(stage, generator, withMissing(routeTable(routes)));
    this.#walk = compileWalk(walk, origin);
    this.#rows = walk;
  }

  /** A user who is ready for the first step. */
  beginWalk(): Walker {
    const { first, every } = this.#rows;
    return new Walker(this.#walk, first + every * this.#begun++);
  }

  /** The request of a step has ended. Returns the pause before the next one, in ms; undefined: the walk is over. */
  stepEnded(walker: Walker): number | undefined {
    if (walker.goesOn) {
      walker.goesOn = false;
      return this.#walk.steps[walker.step]?.thinkMs;
    }
    if (walker.isComplete) this.#completed++;
    else this.#walkFailed(walker.step, walker.failure ?? { why: 'no-answer' });
    return undefined;
  }

  /** A step was not sent; without a user, the first one. */
  notSent(walker: Walker | undefined): void {
    if (!walker) this.#begun++;
    this.#walkFailed(walker?.step ?? 0, { why: 'not-sent' });
  }

  #walkFailed(step: number, failure: WalkFailure): void {
    const { name } = this.#walk.steps[step] as { readonly name: string };
    const { why, variable } = failure;
    const known = this.#failed.findIndex(
      (each) => each.step === name && each.why === why && each.variable === variable,
    );
    const walks = 1 + (this.#failed[known]?.walks ?? 0);
    this.#failed[known < 0 ? this.#failed.length : known] = { step: name, ...failure, walks };
  }

  override end(aborted?: Finding): StageEndLine {
    const failed = this.#failed.reduce((sum, { walks }) => sum + walks, 0);
    const [begun, completed] = [this.#begun, this.#completed];
    const walks = { begun, completed, unfinished: begun - completed - failed, failed: this.#failed };
    return { ...super.end(aborted), ...walksOf([{ walks }]) };
  }
}

/** Behind the steps the same steps once more, for answers without what the walk needs: none of these counts as expected. */
function withMissing({ names, nameOf, expected }: RouteTable): RouteTable {
  const never = new Uint8Array(statusCount);
  return {
    names,
    nameOf: Uint32Array.from([...nameOf, ...nameOf]),
    expected: [...expected, ...expected.map(() => never)],
  };
}
