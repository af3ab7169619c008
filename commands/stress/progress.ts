// Progress of a run on stderr: one live line on a terminal, and one line per finished stage.
import { countedBlocks } from '../../model/block.ts';
import { mergeHistograms } from '../../model/latency/histogram.ts';
import type { Line, LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { formatLatency, formatRate } from '../../reports/format/format.ts';
import { plainLine } from '../../reports/format/plain-text.ts';

export type Progress = {
  onLine(line: Line): void;
  /** `of`: which of several runs it belongs to. */
  onStage(stage: StageRecord, of?: string): void;
  end(): void;
};

/** For `--quiet`. */
export const noProgress: Progress = { onLine: () => {}, onStage: () => {}, end: () => {} };

/** Writes to `stream`; `live` redraws one line each second. `totalS`: the longest that it may take. */
export function showProgress(stream: NodeJS.WritableStream, live: boolean, totalS: number): Progress {
  // What comes before the first stage is preparation, and no part of the plan.
  let startedAt: number | undefined;
  let stage = '';
  let cpu = '';
  let hasInstance = false;
  let text = '';
  // The last second of each generator; complete when one of them repeats.
  const round = new Map<number, LoadLine>();
  let drawn = false;
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  const draw = (): void => {
    const left = Math.max(0, totalS - (Date.now() - (startedAt ?? Date.now())) / 1000);
    clear();
    stream.write(`${stage.padEnd(16)} ${text}${cpu}  at most ${Math.ceil(left)} s left`);
    drawn = true;
  };
  return {
    onLine: (line) => {
      if (line.kind === 'stage') {
        startedAt ??= Date.now();
        stage = plainLine(line.name);
        text = '';
        round.clear();
      }
      if (line.kind === 'host') {
        const { 'system.cpu.idle': idle, 'aws.ec2.cpuutilization': ofInstance } = line.metrics;
        hasInstance ||= ofInstance !== undefined;
        // Beside an emulated instance the host's CPU is that of the generators, too.
        const used = hasInstance ? ofInstance : idle && 100 - idle;
        if (used !== undefined) cpu = `  CPU ${Math.round(used)} %`;
        if (live) draw();
      }
      if (!live || line.kind !== 'load' || line.durationS <= 0.5) return;
      if (round.has(line.generator)) {
        text = secondText([...round.values()]);
        round.clear();
        draw();
      }
      round.set(line.generator, line);
    },
    onStage: (record, of) => {
      clear();
      stream.write(`${of === undefined ? '' : `${of.padEnd(10)} `}${stageText(record)}\n`);
    },
    end: clear,
  };
}

/** One second of all generators together. */
function secondText(lines: readonly LoadLine[]): string {
  const sum = (figure: (line: LoadLine) => number): number => lines.reduce((total, line) => total + figure(line), 0);
  const perS = sum(({ outcomes, durationS }) => (outcomes.ok + outcomes.unexpectedStatus) / durationS);
  const errors = sum(({ outcomes }) => outcomes.unexpectedStatus + outcomes.timeout + outcomes.connectionError);
  const latency = mergeHistograms(lines.flatMap(({ latencyUs }) => latencyUs ?? []));
  const p99 = latency.totalCount === 0 ? 'no response' : `p99 ${formatLatency(latency.getValueAtPercentile(99))}`;
  return `${formatRate(perS)}  ${p99}  ${errors} errors`;
}

/** One finished stage as a line of plain text. */
function stageText(stage: StageRecord): string {
  const name = plainLine(stage.name).padEnd(16);
  if (stage.kind === 'idle') return `${name} ${stage.durationS.toFixed(0)} s without load`;
  const { unexpectedStatus, timeout, connectionError } = stage.outcomes;
  const latency = stage.latencyUs
    ? `p50 ${formatLatency(stage.latencyUs.p50)}  p99 ${formatLatency(stage.latencyUs.p99)}`
    : 'no expected response';
  const dropped = stage.requests.dropped > 0 ? `  ${stage.requests.dropped} dropped` : '';
  const note =
    stage.role === 'warm-up'
      ? '  (warm-up)'
      : stage.aborted === undefined
        ? ''
        : `  ended early: ${plainLine(stage.aborted.text ?? '')}`;
  const of = stage.blocks && `  ${countedBlocks(stage.blocks).length} of ${stage.blocks.length} blocks count`;
  return `${name} ${formatRate(stage.throughputPerS).padStart(8)}  ${latency}  ${unexpectedStatus + timeout + connectionError} errors${dropped}${of ?? ''}${note}`;
}
