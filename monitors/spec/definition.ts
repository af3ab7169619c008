// A monitor as code: plain data. A monitor is a Datadog alert rule; wanted-monitor.ts makes what Datadog stores from a definition.
import type { Comparator } from '../query/query.ts';

export type MonitorDefinition = {
  /** The name of its file. It never changes, for it becomes the tag headroom_key. */
  readonly key: string;
  /** The title of the notification and of the monitor in Datadog. */
  readonly name: string;
  /** The query without its comparison: `max(last_5m):max:system.cpu.user{host:i-0abc}`. */
  readonly series: string;
  readonly comparator: Comparator;
  /** The one place for thresholds: the query's number and the options are made from them. */
  readonly thresholds: {
    readonly critical: number;
    readonly warning?: number;
    /** An alert ends only when the value is no longer beyond this. */
    readonly criticalRecovery?: number;
    readonly warningRecovery?: number;
  };
  /** Markdown with Datadog's variables and conditionals; the recipients are appended. */
  readonly message: string;
  /** Like `@ops@example.com` or `@slack-ops`. */
  readonly recipients: readonly string[];
  /** 1 is the highest, 5 the lowest. */
  readonly priority: 1 | 2 | 3 | 4 | 5;
  /** Added to headroom's own tags. */
  readonly tags: readonly string[];
  /** What Datadog does without data: keep the state, or alert. */
  readonly missingData: 'ignore' | 'notify';
  /** How long Datadog waits for late points; fetched metrics (aws.*) need 900. */
  readonly evaluationDelayS?: number;
  /** Completes "Alerts when ..." in docs/monitors.md. Markdown. */
  readonly alertsWhen: string;
  /** What to do when it fires, in docs/runbook.md. Markdown. */
  readonly runbook: string;
};

/** The default export of each file in `definitions/`: the monitor of one host. */
export type DefineMonitor = (host: string) => Omit<MonitorDefinition, 'key' | 'recipients' | 'tags'>;

/** Where a monitor is defined, for messages. */
export function definitionFile(key: string): string {
  return `monitors/definitions/${key}.ts`;
}
