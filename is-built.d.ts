/** Whether each source has a counterpart in dist/ that is not older. */
export function isBuilt(): boolean;
