// The findings of traffic/: for each code its figures. Their texts are in messages/traffic.ts.

/** Where the traffic comes from, what was odd in the file, and why no verdict should rest on it. */
export type TrafficFindings = {
  readonly 'traffic-per-day': { readonly requestsPerDay: number; readonly shape: string };
  readonly 'traffic-file': { readonly file: string };
  readonly 'log-read': {
    /** Codes of the formats of its lines. */
    readonly formats: readonly string[];
    readonly requests: number;
    /** Times of the first and last request. */
    readonly from: string;
    readonly to: string;
  };
  readonly 'log-lines-unreadable': {
    readonly lines: number;
    readonly totalLines: number;
    /** Numbers of the first of them. */
    readonly examples: readonly number[];
    /** The first of them, quoted. */
    readonly first: string;
  };
  readonly 'log-sources': { readonly sources: readonly string[] };
  /** With a whole URL and no client, beside others. */
  readonly 'log-requests-perhaps-sent': { readonly requests: number };
  readonly 'year-assumed': Record<never, never>;
  readonly 'log-lines-out-of-order': { readonly lines: number; readonly backS: number };
  readonly 'zones-converted': { readonly zones: readonly string[] };
  readonly 'times-assumed-utc': Record<never, never>;
  /** Names of several zones each. */
  readonly 'zones-unclear': { readonly zones: readonly string[] };
  readonly 'rows-out-of-order': { readonly rows: number };
  readonly 'rows-merged': { readonly rows: number };
  readonly 'hours-filled': { readonly hours: readonly number[] };
  readonly 'gaps-filled': {
    readonly gaps: number;
    readonly totalS: number;
    readonly examples: readonly { readonly from: string; readonly to: string }[];
  };
  readonly 'gaps-quiet': { readonly gaps: number; readonly totalS: number };
  readonly 'part-of-day': { readonly hours: number };
  readonly 'log-mostly-unreadable': { readonly percent: number };
  readonly 'traffic-too-short': { readonly durationS: number };
};

/** A finding of these codes with its figures. */
export type TrafficFinding<C extends keyof TrafficFindings = keyof TrafficFindings> = {
  [K in C]: { readonly code: K } & TrafficFindings[K];
}[C];
