// Monitors as alert rules of Prometheus, with unit tests that promtool runs.
import type { Finding } from '../../model/finding.ts';
import { monitorFinding } from '../messages.ts';
import { parseQuery } from '../query/query.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { queryText } from '../spec/wanted-monitor.ts';
import { NoCounterpart, prometheusQuery } from './prometheus-query.ts';
import { monitorRules } from './prometheus-rule.ts';
import { type RuleTest, ruleTests } from './prometheus-test.ts';
import { renderYaml } from './yaml.ts';

type PrometheusExport = {
  readonly rules: string;
  readonly tests: string;
  /** The monitors that Prometheus cannot evaluate, each with its reason. */
  readonly leftOut: readonly Finding[];
};

/** The rules of a host's monitors, and their tests, which name the file of the rules. */
export function renderPrometheus(
  definitions: readonly MonitorDefinition[],
  host: string,
  rulesFile: string,
): PrometheusExport {
  const leftOut: Finding[] = [];
  const tests: RuleTest[] = [];
  const rules = definitions.flatMap((definition) => {
    try {
      const query = prometheusQuery(parseQuery(queryText(definition)), host);
      const made = monitorRules(definition, query, host);
      tests.push(...ruleTests(definition, query, made, host));
      return Object.values(made);
    } catch (error) {
      if (!(error instanceof NoCounterpart)) throw error;
      leftOut.push(monitorFinding('no-prometheus-rule', { key: definition.key, why: error.message }));
      return [];
    }
  });
  const head = [
    `# The monitors of ${host} over the metrics of node_exporter, exported by headroom.`,
    ...leftOut.map(({ text }) => `# ${text}`),
  ].join('\n');
  return {
    rules: `${head}\n${renderYaml({ groups: [{ name: `headroom ${host}`, rules }] })}\n`,
    tests: `# promtool test rules FILE\n${renderYaml({ rule_files: [rulesFile], tests })}\n`,
    leftOut,
  };
}
