// `headroom monitors plan`, `apply`, `destroy` and `list`.
import type { Datadog } from '../../monitors/datadog/datadog.ts';
import type { Answer } from '../../monitors/plan/manage.ts';
import type { PlanDocument } from '../../monitors/plan/plan-document.ts';
import { chooseConfirm } from '../cli/confirm.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, switchFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, chooseDefinitions, definitionFlags, hostFlag } from './monitor-flags.ts';

const yesFlag = inGroup('Start here', { yes: switchFlag('Write without asking for confirmation (needed in CI).') });
// `plan` does not ask, but accepts --yes, so that it takes the flags of `apply`.
const planFlags = {
  ...definitionFlags,
  ...yesFlag,
  ...inGroup('Start here', {
    recreate: switchFlag('Create the monitors again after all of them were deleted in Datadog.'),
  }),
};

/** `plan --drift` found a difference. */
const driftExitCode = 5;

/** What apply would do. */
export function planCommand(context: CommandContext) {
  return defineCommand({
    command: 'plan',
    describe: 'Show what apply would change.',
    flags: {
      ...planFlags,
      ...inGroup('Start here', {
        drift: switchFlag('Exit with code 5 when Datadog differs from the definitions (for a nightly job).'),
      }),
    },
    handler: async (argv) => {
      const definitions = await checkedDefinitions(argv, context);
      const { planMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(context, argv, async ({ datadog }) => {
        const { host, recreate, drift } = argv;
        const { document, text } = await planMonitors({ datadog, host, definitions, recreate });
        printAnswer(context, argv, { document, text, exitCode: drift && differs(document) ? driftExitCode : 0 });
      });
    },
  });
}

/** Refuses a mistake before the keys are looked for. */
async function checkedDefinitions(argv: Parameters<typeof chooseDefinitions>[0], { environment }: CommandContext) {
  const definitions = await chooseDefinitions(argv, environment);
  const { checkDefinitions } = await import('../../monitors/spec/check-definitions.ts');
  checkDefinitions(definitions);
  return definitions;
}

function differs({ creates, updates, deletes, dashboard }: PlanDocument): boolean {
  return creates.length + updates.length + deletes.length > 0 || dashboard !== 'none';
}

/** Makes Datadog hold what is defined. */
export function applyCommand(context: CommandContext) {
  return defineCommand({
    command: 'apply',
    describe: 'Create or update the monitors and the dashboard in Datadog.',
    flags: planFlags,
    handler: async (argv) => {
      const definitions = await checkedDefinitions(argv, context);
      const { host, recreate } = argv;
      const { applyMonitors } = await import('../../monitors/plan/manage.ts');
      await write(argv, context, (datadog, confirm) =>
        applyMonitors({ datadog, host, definitions, recreate, ...confirm }),
      );
    },
  });
}

/** Deletes what is headroom's of one host. */
export function destroyCommand(context: CommandContext) {
  return defineCommand({
    command: 'destroy',
    describe: "Delete headroom's monitors and dashboard of a host.",
    flags: {
      ...inGroup('Start here', { host: { ...hostFlag, demandOption: true } }),
      ...yesFlag,
      ...inGroup('Start here', { 'dry-run': switchFlag('Show what would be deleted, and delete nothing.') }),
    },
    handler: async (argv) => {
      const host = checkHost(argv.host);
      const { destroyMonitors } = await import('../../monitors/plan/manage.ts');
      if (!argv.dryRun) {
        await write(argv, context, (datadog, confirm) => destroyMonitors({ datadog, host, ...confirm }));
        return;
      }
      await withDatadog(context, argv, async ({ datadog }) => {
        let plan: string | undefined;
        const confirm = async (text: string): Promise<boolean> => {
          plan = text;
          return false;
        };
        const answer = await destroyMonitors({ datadog, host, confirm });
        printAnswer(context, argv, { ...answer, text: plan ?? answer.text });
      });
    },
  });
}

/** What is headroom's in Datadog. */
export function listCommand(context: CommandContext) {
  return defineCommand({
    command: 'list',
    describe: "List headroom's monitors and their states.",
    flags: inGroup('Start here', { host: hostFlag }),
    handler: async (argv) => {
      const host = argv.host === undefined ? {} : { host: checkHost(argv.host) };
      const { listMonitors } = await import('../../monitors/plan/manage.ts');
      await withDatadog(context, argv, async ({ datadog }) => {
        printAnswer(context, argv, await listMonitors({ datadog, ...host }));
      });
    },
  });
}

type Confirm = NonNullable<ReturnType<typeof chooseConfirm>>;

/** Asks for confirmation, then writes; does not repeat the plan that was shown with the question. */
async function write(
  argv: Parameters<typeof withDatadog>[1] & { readonly yes: boolean },
  context: CommandContext,
  change: (datadog: Datadog, confirm: { readonly confirm?: Confirm }) => Promise<Answer<PlanDocument>>,
): Promise<void> {
  const ask = chooseConfirm(argv.yes, context);
  await withDatadog(context, argv, async ({ datadog }) => {
    let asked = false;
    const confirm: Confirm = async (plan) => {
      asked = true;
      return ask?.(plan) ?? true;
    };
    const { document, text } = await change(datadog, ask ? { confirm } : {});
    printAnswer(context, argv, { document, text: asked && document.applied ? 'done' : text });
  });
}
