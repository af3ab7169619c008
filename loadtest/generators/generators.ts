// The coordinator's side of the generator processes.
import type { ChildProcess } from 'node:child_process';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import type { StageOrder } from '../engines/stage-order.ts';
import { loadFinding } from '../messages.ts';
import { forkProgram, slowness } from './child.ts';
import type { FromGenerator, ToGenerator } from './generator.ts';

export type Generators = {
  readonly count: number;
  readonly pids: readonly number[];
  /** What the first of them has sent to itself in a second of CPU time; see `rehearse`. */
  readonly perCoreS: number;
  /** Runs one order per generator and resolves when all have ended their stage; rejects when a generator dies. */
  run(orders: readonly StageOrder[], onLine: (line: LoadLine | StageEndLine) => void): Promise<void>;
  /** Ends the running stage early; its lines still come. */
  stop(reason: Finding): void;
  close(): void;
};

/**
 * The nursery as large from the first request on as V8 lets it grow (16 MiB): collections are what makes arrivals late. Larger ones are
 * collected less often still, but a closed stage then spends a tenth of its time on memory that no cache holds.
 */
const nodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--expose-gc'];

/** A generator at work reports each second; one that does not for so long is stuck. */
const usualSilenceS = 60;
/** The same for one that was asked to stop. */
const usualStopS = 10;

/** Starts `count` generator processes and resolves when they are ready, for `walks` too when asked to. */
export async function startGenerators(
  count: number,
  environment: NodeJS.ProcessEnv,
  walks = false,
): Promise<Generators> {
  const children = Array.from({ length: count }, () =>
    forkProgram('loadtest/generators/generator', environment, nodeOptions),
  );
  for (const child of children) {
    child.stdout?.resume();
    // Not piped: that takes listeners of our stderr for each of them, and Node warns from the eleventh on.
    child.stderr?.on('data', (said) => process.stderr.write(said));
  }
  const perCoreS = await rehearse(children, walks);
  let patienceS = usualSilenceS * slowness();
  const stop = (reason: Finding): void => {
    patienceS = usualStopS * slowness();
    for (const child of children) send(child, { type: 'stop', reason });
  };
  return {
    count,
    perCoreS,
    pids: children.flatMap(({ pid }) => pid ?? []),
    run: async (orders, onLine) => {
      await Promise.all(
        orders.map((order, index) => {
          const child = children[index];
          if (!child) throw new Error(`there is no generator ${index}`);
          // Users open their connections in silence, for no longer than a request may take.
          patienceS = (usualSilenceS + order.timeoutS) * slowness();
          send(child, { type: 'run', order });
          const stuck = endStuck(child, () => patienceS);
          return nextMessage(child, index, (message) => {
            stuck.heard();
            if (message.type !== 'line') return false;
            onLine(message.line);
            return message.line.kind === 'stage-end';
          }).finally(stuck.cancel);
        }),
      ).catch((error: GeneratorDied) => {
        // What the others still send would be part of no stage.
        stop(error.finding);
        throw error;
      });
    },
    stop,
    close: () => {
      // It has nothing to save, and one that is stuck hears nothing else.
      for (const child of children) child.kill('SIGKILL');
    },
  };
}

/** Makes them ready; returns `perCoreS`. */
async function rehearse(children: readonly ChildProcess[], walks: boolean): Promise<number> {
  let perCoreS = 0;
  await Promise.all(
    children.map((child, index) => {
      send(child, { type: 'rehearse', walks });
      return nextMessage(child, index, (message) => {
        if (message.type !== 'ready') return false;
        if (index === 0) perCoreS = message.perCoreS;
        return true;
      });
    }),
  );
  return perCoreS;
}

function send(child: ChildProcess, message: ToGenerator): void {
  if (child.connected) child.send(message);
}

/** Kills a process that says nothing for too long. In whole seconds of this process, so that a machine that slept ends nothing. */
function endStuck(child: ChildProcess, patienceS: () => number): { heard(): void; cancel(): void } {
  let silentS = 0;
  const timer = setInterval(() => {
    if (++silentS > patienceS()) child.kill('SIGKILL');
  }, 1000);
  return {
    heard: () => {
      silentS = 0;
    },
    cancel: () => clearInterval(timer),
  };
}

/** A generator that ended in the middle of its work: the run cannot be trusted. */
export class GeneratorDied extends Error {
  override readonly name = 'GeneratorDied';
  readonly finding: Finding;
  constructor(generator: number, child: Pick<ChildProcess, 'exitCode' | 'signalCode'>) {
    const finding = loadFinding('generator-exited', { generator, how: child.signalCode ?? `exit ${child.exitCode}` });
    super(finding.text);
    this.finding = finding;
  }
}

/** Hands messages to `isLast` until it says so; rejects when the process ends before. */
function nextMessage(child: ChildProcess, index: number, isLast: (message: FromGenerator) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: FromGenerator): void => {
      if (isLast(message)) finish(resolve);
    };
    const onExit = (): void => finish(() => reject(new GeneratorDied(index, child)));
    const finish = (how: () => void): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      how();
    };
    if (child.exitCode !== null || child.signalCode !== null) {
      reject(new GeneratorDied(index, child));
      return;
    }
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
