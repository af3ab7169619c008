// The commands plan, apply, destroy and list. Each returns its document and a text; those that write ask first.
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import { applyDashboard, ownDashboard, planDashboard } from '../datadog/dashboard.ts';
import type { Datadog } from '../datadog/datadog.ts';
import { eachLimited } from '../datadog/each-limited.ts';
import type { StoredDashboard, StoredMonitor } from '../datadog/records.ts';
import { checkDefinitions } from '../spec/check-definitions.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { isAboutHost, ownedKey, ownerTag, wantedMonitor } from '../spec/wanted-monitor.ts';
import { applyPlan, validatePlan } from './apply.ts';
import { isEmpty, makePlan, type Plan } from './plan.ts';
import { type PlanDocument, planDocument, planText } from './plan-document.ts';

type ManageOptions = {
  readonly datadog: Datadog;
  readonly host: string;
  readonly definitions: readonly MonitorDefinition[];
  /** Create the monitors again when Datadog has lost all of them. */
  readonly recreate?: boolean;
  /** Asked with the plan before anything is written; false: nothing is written. */
  readonly confirm?: (text: string) => Promise<boolean>;
};
export type Answer<T> = { readonly document: T; readonly text: string };

/** The changes that apply would make. */
export async function planMonitors(options: ManageOptions): Promise<Answer<PlanDocument>> {
  const { plan, dashboard, warnings } = await prepare(options);
  return {
    document: { ...planDocument(plan, dashboard.action, false), ...warnings },
    text: `${planText(plan)}${dashboardText(dashboard.action)}${warningText(warnings)}`,
  };
}

/** Makes Datadog's monitors equal to their definitions. An empty plan counts as applied. */
export async function applyMonitors(options: ManageOptions): Promise<Answer<PlanDocument>> {
  const { datadog, host, confirm } = options;
  const { plan, dashboard, warnings } = await prepare(options);
  const text = `${planText(plan)}${dashboardText(dashboard.action)}${warningText(warnings)}`;
  const nothingToDo = isEmpty(plan) && dashboard.action === 'none';
  await validatePlan(datadog, plan);
  if (!nothingToDo && confirm && !(await confirm(text))) {
    return { document: { ...planDocument(plan, dashboard.action, false), ...warnings }, text: 'Nothing was changed' };
  }
  const ids = await applyPlan(datadog, plan, host);
  await applyDashboard(datadog, host, dashboard);
  return {
    document: { ...planDocument(plan, dashboard.action, true, ids), ...warnings },
    text: nothingToDo ? text : `${text}\nApplied`,
  };
}

/** Deletes headroom's monitors and dashboard of the host, and nothing else. */
export async function destroyMonitors(
  options: Pick<ManageOptions, 'datadog' | 'host' | 'confirm'>,
): Promise<Answer<PlanDocument>> {
  const { datadog, host, confirm } = options;
  const stored = await ourMonitors(datadog, host);
  const board = ownDashboard(host, await datadog.listDashboards());
  const deletes = stored.map((monitor) => ({ key: ownedKey(monitor.tags) ?? '', stored: monitor, why: 'destroy' }));
  const plan: Plan = { creates: [], updates: [], deletes, unchanged: [] };
  const dashboard = board ? 'delete' : 'none';
  const text = isEmpty(plan) ? `Datadog has no monitor of headroom for ${host}` : planText(plan);
  if ((!isEmpty(plan) || board) && confirm && !(await confirm(`${text}${dashboardText(dashboard)}`))) {
    return { document: planDocument(plan, dashboard, false), text: 'Nothing was changed' };
  }
  await eachLimited(deletes, 8, ({ stored: { id } }) => datadog.deleteMonitor(id));
  if (board) await datadog.deleteDashboard(board.id);
  return { document: planDocument(plan, dashboard, true), text: `${text}${dashboardText(dashboard)}` };
}

/** headroom's monitors and their states, of one host or of all. */
export async function listMonitors(options: { readonly datadog: Datadog; readonly host?: string }) {
  const stored = await ourMonitors(options.datadog, options.host);
  const monitors = stored.map(({ id, name, query, state, muted, tags }) => {
    return { key: ownedKey(tags) ?? '', id, name, query, state, muted };
  });
  const width = Math.max(0, ...monitors.map(({ key }) => key.length));
  const lines = monitors.map(({ key, id, query, state, muted }) => {
    return `${state.padEnd(8)} ${key.padEnd(width)} ${id}  ${query}${muted ? '  (muted)' : ''}`;
  });
  const none = `Datadog has no monitor of headroom${options.host === undefined ? '' : ` for ${options.host}`}`;
  return { document: { monitors }, text: lines.length === 0 ? none : lines.join('\n') };
}

async function prepare({ datadog, host, definitions, recreate }: ManageOptions) {
  const found = checkDefinitions(definitions);
  const [stored, dashboards] = await Promise.all([ourMonitors(datadog, host), datadog.listDashboards()]);
  refuseSuddenlyEmpty(stored, dashboards, host, recreate ?? false);
  const wanted = definitions.map((definition) => wantedMonitor(definition, host));
  const warnings = found.length > 0 ? { warnings: found } : {};
  return { plan: makePlan(wanted, stored, host), dashboard: planDashboard(host, dashboards), warnings };
}

/** Every apply creates the dashboard: with it but without monitors, this is not a first apply, and the list may be wrong. */
function refuseSuddenlyEmpty(
  stored: readonly StoredMonitor[],
  dashboards: readonly StoredDashboard[],
  host: string,
  recreate: boolean,
): void {
  if (stored.length > 0 || recreate || !ownDashboard(host, dashboards)) return;
  throw new UserError(
    `Datadog has headroom's dashboard of ${host}, but none of its monitors: they were deleted, lost their tags, or the list is incomplete. Check in Datadog, then create them again with --recreate`,
  );
}

async function ourMonitors(datadog: Datadog, host: string | undefined): Promise<StoredMonitor[]> {
  const listed = await datadog.listMonitors([ownerTag]);
  return listed
    .filter((monitor) => ownedKey(monitor.tags) !== undefined)
    .filter((monitor) => host === undefined || isAboutHost(monitor, host));
}

function dashboardText(action: string): string {
  return action === 'none' ? '' : `\nDashboard: ${action}`;
}

function warningText({ warnings = [] }: { readonly warnings?: readonly Finding[] }): string {
  return warnings.map(({ text }) => `\nwarning: ${text}`).join('');
}
