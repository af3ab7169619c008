// `monitors export`: the definitions as the files of other programs. Nothing is written to Datadog.
import type { Finding } from '../../model/finding.ts';
import { checkDefinitions } from '../spec/check-definitions.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { wantedMonitor } from '../spec/wanted-monitor.ts';
import { renderPrometheus } from './prometheus.ts';
import { renderTerraform } from './terraform.ts';
import { wireMonitor } from './wire-monitor.ts';

const exportFormats = ['json', 'terraform', 'prometheus'] as const;
type ExportFormat = (typeof exportFormats)[number];

type MonitorExport = {
  /** The first one is the export; the others belong to it. */
  readonly files: readonly { readonly name: string; readonly content: string }[];
  /** What the format cannot hold, and what Datadog leaves empty. */
  readonly warnings: readonly Finding[];
};

/** The monitors of a host in a format. `ids` are those of the monitors that Datadog has, by key; undefined when it was not asked. */
export function exportMonitors(
  format: ExportFormat,
  definitions: readonly MonitorDefinition[],
  host: string,
  ids?: ReadonlyMap<string, number>,
): MonitorExport {
  const warnings = checkDefinitions(definitions);
  const wanted = definitions.map((definition) => wantedMonitor(definition, host));
  const name = `headroom-${host.replace(/[/:]/g, '_')}`;
  switch (format) {
    case 'json':
      return {
        files: [{ name: `${name}.json`, content: `${JSON.stringify(wanted.map(wireMonitor), null, 2)}\n` }],
        warnings,
      };
    case 'terraform':
      return { files: [{ name: `${name}.tf`, content: renderTerraform(wanted, host, ids) }], warnings };
    case 'prometheus': {
      const rulesFile = `${name}.rules.yml`;
      const { rules, tests, leftOut } = renderPrometheus(definitions, host, rulesFile);
      const files = [
        { name: rulesFile, content: rules },
        { name: `${name}.test.yml`, content: tests },
      ];
      return { files, warnings: [...warnings, ...leftOut] };
    }
  }
}
