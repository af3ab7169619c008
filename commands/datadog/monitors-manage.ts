// `headroom monitors plan`, `apply`, `destroy` and `list`.
import type { Argv, CommandModule } from 'yargs';
import type { Datadog } from '../../monitors/datadog/datadog.ts';
import type { Answer } from '../../monitors/plan/manage.ts';
import type { PlanDocument } from '../../monitors/plan/plan-document.ts';
import { chooseConfirm } from '../cli/confirm.ts';
import type { Surroundings } from '../cli/context.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, chooseDefinitions, definitionFlags, hostFlag, outputFlags } from './monitor-flags.ts';

const yesFlag = {
  yes: { type: 'boolean', default: false, describe: 'do not ask before writing (needed in CI)' },
} as const;
const recreateFlag = {
  recreate: { type: 'boolean', default: false, describe: 'make them anew though Datadog has lost all that were there' },
} as const;

// `plan` asks nothing, and takes --yes so that it can be given the flags of `apply`.
const planFlags = (yargs: Argv) => yargs.options({ ...definitionFlags, ...yesFlag, ...recreateFlag, ...outputFlags });
type PlanFlags = Awaited<ReturnType<typeof planFlags>['argv']>;

/** What apply would do. */
export function planCommand(surroundings: Surroundings): CommandModule<object, PlanFlags> {
  return {
    command: 'plan',
    describe: 'what apply would do; writes nothing',
    builder: planFlags as unknown as (yargs: Argv<object>) => Argv<PlanFlags>,
    handler: async (argv) => {
      const definitions = await chooseDefinitions(argv);
      const { planMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(surroundings, argv, async ({ datadog }) => {
        const { host, recreate } = argv;
        printAnswer(surroundings, argv, await planMonitors({ datadog, host, definitions, recreate }));
      });
    },
  };
}

const applyFlags = (yargs: Argv) => yargs.options({ ...definitionFlags, ...yesFlag, ...recreateFlag, ...outputFlags });
type ApplyFlags = Awaited<ReturnType<typeof applyFlags>['argv']>;

/** Makes Datadog hold what is defined. */
export function applyCommand(surroundings: Surroundings): CommandModule<object, ApplyFlags> {
  return {
    command: 'apply',
    describe: 'make Datadog hold the monitors and the dashboard as they are defined',
    builder: applyFlags as unknown as (yargs: Argv<object>) => Argv<ApplyFlags>,
    handler: async (argv) => {
      const definitions = await chooseDefinitions(argv);
      const { host, recreate } = argv;
      const { applyMonitors } = await import('../../monitors/plan/manage.ts');
      await write(argv, surroundings, (datadog, confirm) =>
        applyMonitors({ datadog, host, definitions, recreate, ...confirm }),
      );
    },
  };
}

const dryRunFlag = {
  'dry-run': { type: 'boolean', default: false, describe: 'show what would be deleted, and delete nothing' },
} as const;
const destroyFlags = (yargs: Argv) =>
  yargs.options({ host: { ...hostFlag, demandOption: true }, ...yesFlag, ...dryRunFlag, ...outputFlags });
type DestroyFlags = Awaited<ReturnType<typeof destroyFlags>['argv']>;

/** Deletes what is headroom's of one host. */
export function destroyCommand(surroundings: Surroundings): CommandModule<object, DestroyFlags> {
  return {
    command: 'destroy',
    describe: "delete headroom's monitors and dashboard of the host, and nothing else",
    builder: destroyFlags as unknown as (yargs: Argv<object>) => Argv<DestroyFlags>,
    handler: async (argv) => {
      const host = checkHost(argv.host);
      const { destroyMonitors } = await import('../../monitors/plan/manage.ts');
      if (argv.dryRun) {
        await withDatadog(surroundings, argv, async ({ datadog }) => {
          let plan: string | undefined;
          const answer = await destroyMonitors({
            datadog,
            host,
            confirm: async (text) => {
              plan = text;
              return false;
            },
          });
          printAnswer(surroundings, argv, { ...answer, text: plan ?? answer.text });
        });
        return;
      }
      await write(argv, surroundings, (datadog, confirm) => destroyMonitors({ datadog, host, ...confirm }));
    },
  };
}

const listFlags = (yargs: Argv) => yargs.options({ host: hostFlag, ...outputFlags });
type ListFlags = Awaited<ReturnType<typeof listFlags>['argv']>;

/** What is headroom's in Datadog. */
export function listCommand(surroundings: Surroundings): CommandModule<object, ListFlags> {
  return {
    command: 'list',
    describe: "headroom's monitors and their states, of one host or of all",
    builder: listFlags as unknown as (yargs: Argv<object>) => Argv<ListFlags>,
    handler: async (argv) => {
      const host = argv.host === undefined ? {} : { host: checkHost(argv.host) };
      const { listMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(surroundings, argv, async ({ datadog }) => {
        printAnswer(surroundings, argv, await listMonitors({ datadog, ...host }));
      });
    },
  };
}

type Confirm = NonNullable<ReturnType<typeof chooseConfirm>>;

/** Asks, does it, and does not print again what was shown with the question. */
async function write(
  argv: ApplyFlags | DestroyFlags,
  surroundings: Surroundings,
  change: (datadog: Datadog, confirm: { readonly confirm?: Confirm }) => Promise<Answer<PlanDocument>>,
): Promise<void> {
  const ask = chooseConfirm(argv.yes, surroundings);
  await withDatadog(surroundings, argv, async ({ datadog }) => {
    let asked = false;
    const confirm: Confirm | undefined =
      ask &&
      ((plan) => {
        asked = true;
        return ask(plan);
      });
    const { document, text } = await change(datadog, confirm ? { confirm } : {});
    printAnswer(surroundings, argv, { document, text: asked && document.applied ? 'done' : text });
  });
}
