/** The findings of `sizing/`: for each code its figures. The texts stand in messages/sizing.ts. */
export type SizingFindings = Record<never, never>;
