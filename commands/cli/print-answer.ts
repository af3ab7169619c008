import { withText } from '../../reports/messages/text-of.ts';
import type { CommandContext } from './context.ts';

/** A command's result on stdout: the document for programs, else the text for people. Sets the exit code. */
export function printAnswer(
  { stdout, exit }: Pick<CommandContext, 'stdout' | 'exit'>,
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
  answer: { readonly document: unknown; readonly text: string; readonly exitCode?: number },
): void {
  if (json) stdout.write(`${JSON.stringify(answer.document, withText, 2)}\n`);
  else if (!quiet) stdout.write(`${answer.text}\n`);
  exit(answer.exitCode ?? 0);
}
