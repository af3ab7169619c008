// What every chart is: a picture for wide pages, one for narrow ones, and the table behind both.

export type Chart = {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences for those who do not see it. */
  readonly description: string;
  /** SVG; absent when there is nothing to draw. */
  readonly wide?: string;
  readonly narrow?: string;
  /** Why there is nothing to draw. */
  readonly empty?: string;
  readonly table: ChartTable;
  /** How to read it, or what was left out. */
  readonly notes: readonly string[];
};

export type ChartTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The two widths that charts are drawn for, in CSS pixels: a page of 1280 and a phone of 375. */
export const widths = { wide: 1120, narrow: 340 } as const;
export type Size = keyof typeof widths;
