// Monitors as Terraform: one datadog_monitor_json each, and an import block for each that Datadog has already.
// Their attributes are those of the provider's page on datadog_monitor_json.
import type { WantedMonitor } from '../spec/wanted-monitor.ts';
import { wireMonitor } from './wire-monitor.ts';

/** The file, as `terraform fmt` leaves it. `ids` are those of the monitors that are there, by key; undefined when Datadog was not asked. */
export function renderTerraform(
  monitors: readonly WantedMonitor[],
  host: string,
  ids: ReadonlyMap<string, number> | undefined,
): string {
  const head = [
    `# The Datadog monitors of ${host}, exported by headroom.`,
    '# They need the provider DataDog/datadog. A folder names it once; where it does not yet, add:',
    ...['terraform {', '  required_providers {', '    datadog = { source = "DataDog/datadog" }', '  }', '}'].map(
      (line) => `#   ${line}`,
    ),
    ids === undefined
      ? '# Without import blocks: DD_API_KEY and DD_APP_KEY were not set, so apply creates every monitor.'
      : '# Import blocks need Terraform 1.5 or newer, and may be removed after the first apply.',
    '# From here on Terraform owns these monitors: do not run `monitors apply` for this host.',
  ];
  const blocks = monitors.flatMap((monitor) => {
    const name = resourceName(monitor.key, host);
    const id = ids?.get(monitor.key);
    return [...(id === undefined ? [] : [importBlock(name, id)]), resourceBlock(name, monitor)];
  });
  return `${[head.join('\n'), ...blocks].join('\n\n')}\n`;
}

function importBlock(name: string, id: number): string {
  return `import {\n  to = datadog_monitor_json.${name}\n  id = "${id}"\n}`;
}

function resourceBlock(name: string, monitor: WantedMonitor): string {
  const json = JSON.stringify(wireMonitor(monitor), null, 2);
  return `resource "datadog_monitor_json" "${name}" {\n  monitor = <<EOF\n${withoutTemplates(json)}\nEOF\n}`;
}

/** A here document interpolates `${...}` and `%{...}`. */
function withoutTemplates(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A name that begins with a letter, and that no other host's monitors have. */
function resourceName(key: string, host: string): string {
  return `${key}_${host}`.replace(/[^\p{L}\p{N}_-]/gu, '_').replaceAll('-', '_');
}
