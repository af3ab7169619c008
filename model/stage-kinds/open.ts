import * as z from 'zod';
import { durationS, loadStage, maxConnections, ratePerS, type StageKind, stageName } from './load-stage.ts';

/** Arrivals on a schedule that does not depend on the server. */
export const openStage = z.strictObject({
  kind: z.literal('open'),
  name: stageName,
  /** Intended starts per second, of all generators together: one figure, or a ramp from one to another. */
  arrivalRatePerS: z.union([
    ratePerS.positive(),
    z
      .strictObject({ from: ratePerS, to: ratePerS })
      .refine(({ from, to }) => from + to > 0, 'a ramp from 0 to 0 sends nothing'),
  ]),
  durationS,
  /** Evenly spaced, or as many independent users come. */
  arrivals: z.enum(['constant', 'poisson']).default('constant'),
  /** Requests in flight, of all generators together; who comes when all are taken is dropped, and counted. */
  maxConnections: maxConnections.default(1000),
  ...loadStage,
});

export type OpenStage = z.infer<typeof openStage>;

export const open: StageKind<OpenStage> = {
  engine: () => 'open',
  plannedS: (stage) => stage.durationS,
  highestPerS: ({ arrivalRatePerS: rate }) => (typeof rate === 'number' ? rate : Math.max(rate.from, rate.to)),
  scaled: (stage, times) => {
    const { arrivalRatePerS: rate } = stage;
    const scaled = typeof rate === 'number' ? times(rate) : { from: times(rate.from), to: times(rate.to) };
    return { ...stage, arrivalRatePerS: scaled };
  },
};
