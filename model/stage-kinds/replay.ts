import * as z from 'zod';
import { durationS, loadStage, maxConnections, type StageKind, stageName } from './load-stage.ts';

/** The requests of an access log at their own moments; made by --replay, which reads the log. */
export const replayStage = z.strictObject({
  kind: z.literal('replay'),
  name: stageName,
  /** Of the log's time, divided by the speed. */
  durationS,
  /** So many times as fast as the log. */
  speed: z.number().positive(),
  /** Requests that are sent, and the most in one second. */
  requests: z.number().int().positive(),
  peakPerS: z.number().positive(),
  /** Requests in flight, of all generators together; who comes when all are taken is dropped, and counted. */
  maxConnections: maxConnections.default(1000),
  /** Seconds of a sample of the log's requests at its mean rate before the replay. */
  warmUpS: z.number().nonnegative(),
  ...loadStage,
});

export type ReplayStage = z.infer<typeof replayStage>;

/** Connections are opened, and late answers waited for. */
const aroundS = 1;

export const replay: StageKind<ReplayStage> = {
  engine: () => 'open',
  plannedS: (stage) => stage.durationS + stage.warmUpS + aroundS,
  highestPerS: (stage) => stage.peakPerS,
};
