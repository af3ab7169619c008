/** The findings of `comparison/`: for each code its figures. The texts stand in messages/comparison.ts. */
export type ComparisonFindings = Record<never, never>;
