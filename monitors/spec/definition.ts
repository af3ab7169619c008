// A monitor as code: plain data. What Datadog wants to have is made from it in wanted-monitor.ts.
import type { Comparator } from '../query/query.ts';

export type MonitorDefinition = {
  /** Names the monitor for ever: it becomes the tag headroom_key. */
  readonly key: string;
  /** Where it is defined, for messages. */
  readonly file: string;
  readonly name: string;
  /** The query without its comparison: `max(last_5m):max:system.cpu.user{host:i-0abc}`. */
  readonly series: string;
  readonly comparator: Comparator;
  /** Stand here once; the query's number and the options are made from them. */
  readonly thresholds: {
    readonly critical: number;
    readonly warning?: number;
    /** An alert ends only when the value is no longer beyond this. */
    readonly criticalRecovery?: number;
    readonly warningRecovery?: number;
  };
  /** Markdown with Datadog's variables and conditionals; recipients come behind it. */
  readonly message: string;
  /** Like `@ops@example.com` or `@slack-ops`. */
  readonly recipients: readonly string[];
  /** 1 is the highest, 5 the lowest. */
  readonly priority: 1 | 2 | 3 | 4 | 5;
  readonly tags: readonly string[];
  /** Without data: keep quiet, or alert. */
  readonly missingData: 'ignore' | 'notify';
  /** How long Datadog waits for late points; crawled metrics (aws.*) need 900. */
  readonly evaluationDelayS?: number;
};

/** What a definition is made for. */
export type DefinitionContext = {
  /** As Datadog calls it: on EC2 mostly the instance id. */
  readonly host: string;
  readonly recipients: readonly string[];
  /** Put on every monitor, beside headroom's own. */
  readonly tags: readonly string[];
};
