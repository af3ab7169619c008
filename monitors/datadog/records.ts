// The records that datadog.ts takes and returns, without the client's types.

/** A monitor as Datadog holds it; `options` in the client's names. */
export type StoredMonitor = {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly message: string;
  readonly tags: readonly string[];
  readonly priority?: number;
  readonly restrictedRoles: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** OK, Alert, Warn, No Data ... */
  readonly state: string;
  /** When it entered this state, in ms since 1970; absent when Datadog does not say. */
  readonly stateSinceMs?: number;
  /** A downtime silences it now. */
  readonly muted: boolean;
};

export type QueriedSeries = {
  readonly metric: string;
  /** Index of its query among the comma-separated ones. */
  readonly queryIndex: number;
  readonly scope: string;
  readonly intervalS: number;
  /** Name of the unit and, for bytes and times, what one of it is in the base unit. */
  readonly unit?: { readonly family: string; readonly name: string; readonly scale: number };
  /** Milliseconds since 1970 at the begin of the bucket; a bucket without a point has none. */
  readonly points: readonly (readonly [number, number])[];
};

export type SubmittedSeries = {
  readonly metric: string;
  readonly host?: string;
  readonly tags: readonly string[];
  readonly intervalS: number;
  /** Seconds since 1970. */
  readonly points: readonly (readonly [number, number])[];
};

export type DatadogHost = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
};
export type StoredDashboard = {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly url: string;
};
