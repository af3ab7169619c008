// What `stress` prints when its runs are over.
import type { CommandContext } from '../cli/context.ts';
import { summarizeBlocks } from './pair.ts';
import type { Outcome } from './report-runs.ts';

/** The outcome for people, as plain or coloured text. */
export async function describeOutcome(
  { results, sizing, decided, blocks }: Outcome,
  { warning, color }: { readonly warning: string | undefined } & Pick<CommandContext, 'color'>,
): Promise<string> {
  const { renderQuestions, summarizeReport } = await import('../../reports/render/terminal.ts');
  const { summarizeDecision } = await import('../../reports/render/comparison-markdown.ts');
  const { textOf } = await import('../../reports/messages/text-of.ts');
  const { renderSizing } = await import('../../reports/messages/sizing-text.ts');
  const [first] = results;
  const machine = results.length > 1 ? first?.run.target.instanceType : undefined;
  const reports = results.map(
    ({ judged, reportDir }) => `${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html`,
  );
  const sized = sizing && [renderSizing(sizing.sizing, { color }), ...sizing.predictions.map(textOf)];
  const parts = [
    reports.join('\n'),
    warning,
    sized?.join('\n'),
    first && renderQuestions(first.judged, machine),
    decided && `${summarizeDecision(decided.comparison, { color })}\ncomparison: ${decided.reportDir}/index.html`,
    blocks.length > 0 ? summarizeBlocks(blocks) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}
