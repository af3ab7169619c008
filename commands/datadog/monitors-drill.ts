// `headroom monitors drill`: whether each monitor fires during load, how late, and whether it recovers.
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../../model/user-error.ts';
import type { DrillResult } from '../../monitors/drill/drill.ts';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { chooseDefinitions, hostFlag } from './monitor-flags.ts';

const flags = (yargs: Argv) =>
  yargs.options({
    ...inGroup('Start here', {
      host: { ...hostFlag, demandOption: true },
      minutes: {
        type: 'number',
        requiresArg: true,
        demandOption: true,
        describe: 'Minutes that the load lasts; the drill then waits until the monitors recover.',
      },
      expect: {
        type: 'string',
        array: true,
        requiresArg: true,
        nargs: 1,
        describe:
          'Monitor that must fire, like cpu-user (repeatable; default: those whose threshold the host exceeds).',
      },
      poll: { type: 'number', requiresArg: true, default: 10, describe: 'Seconds between two polls of the monitors.' },
    }),
    ...outputFlags,
  });
type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function drillCommand(context: CommandContext): CommandModule<object, Flags> {
  return {
    command: 'drill',
    describe: 'Watch which monitors fire and recover while a host is under load.',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const { host, minutes, poll: pollS, expect } = argv;
      if (!(minutes > 0 && minutes <= 1440)) throw new UserError('--minutes must be more than 0 and at most 1440');
      if (!(pollS >= 1 && pollS <= 300)) throw new UserError('--poll must be 1 to 300 seconds');
      const definitions = await chooseDefinitions(argv);
      const { drill } = await import('../../monitors/drill/drill.ts');
      const { checkCanDrill } = await import('../../monitors/drill/can-drill.ts');
      const { recoveryTimeS } = await import('../../monitors/drill/watch-monitors.ts');
      await withDatadog(context, argv, async ({ datadog, clock, say }) => {
        await checkCanDrill(datadog, host);
        const longestMin = Math.ceil(Math.max(...definitions.map(recoveryTimeS)) / 60);
        say(
          `Following ${definitions.length} monitors of ${host} for ${minutes} min, then until they have recovered, at most ${longestMin} min more`,
        );
        const ended = new AbortController();
        const load = clock.sleep(minutes * 60_000, ended.signal);
        // When the drill ends first, the load is no longer awaited.
        load.catch(() => {});
        try {
          const stop = context.signal;
          const answer = await drill({ datadog, host, definitions, clock, load, pollS, expect, onProgress: say, stop });
          printDrill(context, argv, answer);
        } finally {
          ended.abort();
        }
      });
    },
  };
}

/** The result; of a stopped drill what was seen until then, with the signal's exit code. */
function printDrill(context: CommandContext, argv: Flags, answer: DrillResult): void {
  const { signal } = context;
  if (!signal.aborted) {
    printAnswer(context, argv, answer);
    return;
  }
  const { reason, exitCode } = signal.reason as { reason: string; exitCode: number };
  printAnswer(context, argv, { ...answer, document: { ...answer.document, error: reason, exitCode }, exitCode });
}
