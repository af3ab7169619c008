// What `stress` prints when its runs are over.
import type { RunRecord } from '../../../model/run-record.ts';
import type { CommandContext } from '../../cli/context.ts';
import { summarizeBlocks } from '../run/pair.ts';
import type { Outcome } from './report-runs.ts';

type Options = {
  readonly warning: string | undefined;
  readonly verbose: boolean;
  readonly columns: number | undefined;
} & Pick<CommandContext, 'color'>;

/**
 * The outcome for people: a comparison where there is one, else each run; `verbose` adds the runs of a comparison and the sizing. Thresholds
 * may hold on a type that is too small, and nothing else would say so.
 */
export async function describeOutcome(
  { results, sizing, decided, blocks }: Outcome,
  { warning, ...terminal }: Options,
): Promise<string> {
  const { summarizeReport } = await import('../../../reports/render/terminal.ts');
  const { summarizeComparison } = await import('../../../reports/render/comparison-terminal.ts');
  const { textOf } = await import('../../../reports/messages/text-of.ts');
  const { renderSizing } = await import('../../../reports/messages/sizing-text.ts');
  const pages = results.map(({ reportDir }) => `report: ${reportDir}/index.html`);
  const shown = decided && !terminal.verbose ? [] : results;
  const reports = shown.map(({ judged }, index) =>
    summarizeReport(judged, { ...terminal, places: pages.slice(index, index + 1) }),
  );
  const isTooSmall = results.some(({ judged, run }) => judged.verdict === 'pass' && isBelow(sizing, run));
  const isSized = sizing && (terminal.verbose || (!decided && (sizing.sizing.traffic || isTooSmall)));
  const sized = isSized && [renderSizing(sizing.sizing, terminal), ...sizing.predictions.map(textOf)];
  const parts = [
    reports.length > 0 ? reports.join('\n\n') : undefined,
    warning,
    sized ? sized.join('\n') : undefined,
    blocks.length > 0 ? summarizeBlocks(blocks) : undefined,
    decided &&
      summarizeComparison(decided.comparison, {
        ...terminal,
        places: [...(terminal.verbose ? [] : pages), `comparison: ${decided.reportDir}/index.html`],
      }),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

/** Whether the app does not fit the type that the run was on. */
function isBelow(sizing: Outcome['sizing'], { target }: RunRecord): boolean {
  const own = sizing?.sizing.instances.find(({ instanceType }) => instanceType === target.instanceType);
  return own?.verdict === 'does-not-fit';
}
