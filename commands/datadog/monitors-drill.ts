// `headroom monitors drill`: whether each monitor fires during load, how late, and whether it recovers.
import { UserError } from '../../model/user-error.ts';
import type { DrillResult } from '../../monitors/drill/drill.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, listFlag, numberFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { chooseDefinitions, hostFlag } from './monitor-flags.ts';

const flags = inGroup('Start here', {
  host: { ...hostFlag, demandOption: true },
  minutes: {
    ...numberFlag('Minutes that the load lasts; the drill then waits until the monitors recover.'),
    demandOption: true,
  },
  expect: listFlag(
    'Monitor that must fire, like cpu-user (repeatable; default: those whose threshold the host exceeds).',
  ),
  poll: { ...numberFlag('Seconds between two polls of the monitors.'), default: 10 },
});

/** The command for yargs. */
export function drillCommand(context: CommandContext) {
  return defineCommand({
    command: 'drill',
    describe: 'Watch which monitors fire and recover while a host is under load.',
    flags,
    handler: async (argv) => {
      const { invocation, signal: stop } = context;
      const { host, minutes, poll: pollS, expect } = argv;
      if (!(minutes > 0 && minutes <= 1440)) throw new UserError('--minutes must be more than 0 and at most 1440');
      if (!(pollS >= 1 && pollS <= 300)) throw new UserError('--poll must be 1 to 300 seconds');
      const definitions = await chooseDefinitions(argv, context.environment);
      const { drill } = await import('../../monitors/drill/drill.ts');
      const { checkCanDrill } = await import('../../monitors/drill/can-drill.ts');
      const { recoveryTimeS } = await import('../../monitors/drill/watch-monitors.ts');
      await withDatadog(context, argv, async ({ datadog, clock, say }) => {
        await checkCanDrill(datadog, host, invocation);
        const longestMin = Math.ceil(Math.max(...definitions.map(recoveryTimeS)) / 60);
        say(
          `Following ${definitions.length} monitors of ${host} for ${minutes} min, then until they have recovered, at most ${longestMin} min more`,
        );
        const ended = new AbortController();
        const load = clock.sleep(minutes * 60_000, ended.signal);
        // When the drill ends first, the load is no longer awaited.
        load.catch(() => {});
        try {
          const about = { datadog, host, definitions, clock, load, pollS, expect, onProgress: say, stop, invocation };
          printDrill(context, argv, await drill(about));
        } finally {
          ended.abort();
        }
      });
    },
  });
}

/** The result; of a stopped drill what was seen until then, with the signal's exit code. */
function printDrill(context: CommandContext, argv: Parameters<typeof printAnswer>[1], answer: DrillResult): void {
  const { signal } = context;
  if (!signal.aborted) {
    printAnswer(context, argv, answer);
    return;
  }
  const { reason, exitCode } = signal.reason as { reason: string; exitCode: number };
  printAnswer(context, argv, { ...answer, document: { ...answer.document, error: reason, exitCode }, exitCode });
}
