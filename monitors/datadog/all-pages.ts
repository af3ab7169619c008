/** The most that a page of Datadog's lists holds. */
export const pageSize = 1000;

/** The items of all pages, each once: one may move to the next page meanwhile, and a proxy may answer every time with the first. */
export async function allPages<T extends { readonly id: unknown }>(
  getPage: (page: number) => Promise<readonly T[]>,
): Promise<T[]> {
  const found = new Map<unknown, T>();
  for (let page = 0; ; page++) {
    const items = await getPage(page);
    const before = found.size;
    for (const item of items) found.set(item.id, item);
    if (items.length < pageSize || found.size === before) return [...found.values()];
  }
}
