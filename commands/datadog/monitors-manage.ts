// `headroom monitors plan`, `apply`, `destroy` and `list`.
import type { Argv, CommandModule } from 'yargs';
import type { Datadog } from '../../monitors/datadog/datadog.ts';
import type { Answer } from '../../monitors/plan/manage.ts';
import type { PlanDocument } from '../../monitors/plan/plan-document.ts';
import { chooseConfirm } from '../cli/confirm.ts';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, chooseDefinitions, definitionFlags, hostFlag } from './monitor-flags.ts';

const yesFlag = inGroup('Start here', {
  yes: { type: 'boolean', default: false, describe: 'Write without asking for confirmation (needed in CI).' },
});
const recreateFlag = inGroup('Start here', {
  recreate: {
    type: 'boolean',
    default: false,
    describe: 'Create the monitors again after all of them were deleted in Datadog.',
  },
});

// `plan` does not ask, but accepts --yes, so that it takes the flags of `apply`.
const planFlags = (yargs: Argv) => yargs.options({ ...definitionFlags, ...yesFlag, ...recreateFlag, ...outputFlags });
type PlanFlags = Awaited<ReturnType<typeof planFlags>['argv']>;

/** What apply would do. */
export function planCommand(context: CommandContext): CommandModule<object, PlanFlags> {
  return {
    command: 'plan',
    describe: 'Show what apply would change.',
    builder: planFlags as unknown as (yargs: Argv<object>) => Argv<PlanFlags>,
    handler: async (argv) => {
      const definitions = await chooseDefinitions(argv);
      const { planMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(context, argv, async ({ datadog }) => {
        const { host, recreate } = argv;
        printAnswer(context, argv, await planMonitors({ datadog, host, definitions, recreate }));
      });
    },
  };
}

const applyFlags = (yargs: Argv) => yargs.options({ ...definitionFlags, ...yesFlag, ...recreateFlag, ...outputFlags });
type ApplyFlags = Awaited<ReturnType<typeof applyFlags>['argv']>;

/** Makes Datadog hold what is defined. */
export function applyCommand(context: CommandContext): CommandModule<object, ApplyFlags> {
  return {
    command: 'apply',
    describe: 'Create or update the monitors and the dashboard in Datadog.',
    builder: applyFlags as unknown as (yargs: Argv<object>) => Argv<ApplyFlags>,
    handler: async (argv) => {
      const definitions = await chooseDefinitions(argv);
      const { host, recreate } = argv;
      const { applyMonitors } = await import('../../monitors/plan/manage.ts');
      await write(argv, context, (datadog, confirm) =>
        applyMonitors({ datadog, host, definitions, recreate, ...confirm }),
      );
    },
  };
}

const dryRunFlag = inGroup('Start here', {
  'dry-run': { type: 'boolean', default: false, describe: 'Show what would be deleted, and delete nothing.' },
});
const destroyFlags = (yargs: Argv) =>
  yargs.options({
    ...inGroup('Start here', { host: { ...hostFlag, demandOption: true } }),
    ...yesFlag,
    ...dryRunFlag,
    ...outputFlags,
  });
type DestroyFlags = Awaited<ReturnType<typeof destroyFlags>['argv']>;

/** Deletes what is headroom's of one host. */
export function destroyCommand(context: CommandContext): CommandModule<object, DestroyFlags> {
  return {
    command: 'destroy',
    describe: "Delete headroom's monitors and dashboard of a host.",
    builder: destroyFlags as unknown as (yargs: Argv<object>) => Argv<DestroyFlags>,
    handler: async (argv) => {
      const host = checkHost(argv.host);
      const { destroyMonitors } = await import('../../monitors/plan/manage.ts');
      if (argv.dryRun) {
        await withDatadog(context, argv, async ({ datadog }) => {
          let plan: string | undefined;
          const answer = await destroyMonitors({
            datadog,
            host,
            confirm: async (text) => {
              plan = text;
              return false;
            },
          });
          printAnswer(context, argv, { ...answer, text: plan ?? answer.text });
        });
        return;
      }
      await write(argv, context, (datadog, confirm) => destroyMonitors({ datadog, host, ...confirm }));
    },
  };
}

const listFlags = (yargs: Argv) => yargs.options({ ...inGroup('Start here', { host: hostFlag }), ...outputFlags });
type ListFlags = Awaited<ReturnType<typeof listFlags>['argv']>;

/** What is headroom's in Datadog. */
export function listCommand(context: CommandContext): CommandModule<object, ListFlags> {
  return {
    command: 'list',
    describe: "List headroom's monitors and their states.",
    builder: listFlags as unknown as (yargs: Argv<object>) => Argv<ListFlags>,
    handler: async (argv) => {
      const host = argv.host === undefined ? {} : { host: checkHost(argv.host) };
      const { listMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(context, argv, async ({ datadog }) => {
        printAnswer(context, argv, await listMonitors({ datadog, ...host }));
      });
    },
  };
}

type Confirm = NonNullable<ReturnType<typeof chooseConfirm>>;

/** Asks for confirmation, then writes; does not repeat the plan that was shown with the question. */
async function write(
  argv: ApplyFlags | DestroyFlags,
  context: CommandContext,
  change: (datadog: Datadog, confirm: { readonly confirm?: Confirm }) => Promise<Answer<PlanDocument>>,
): Promise<void> {
  const ask = chooseConfirm(argv.yes, context);
  await withDatadog(context, argv, async ({ datadog }) => {
    let asked = false;
    const confirm: Confirm | undefined =
      ask &&
      ((plan) => {
        asked = true;
        return ask(plan);
      });
    const { document, text } = await change(datadog, confirm ? { confirm } : {});
    printAnswer(context, argv, { document, text: asked && document.applied ? 'done' : text });
  });
}
