/** The findings of `verdict/`: for each code its figures. The texts stand in messages/verdict.ts. */
export type VerdictFindings = Record<never, never>;
