// Absent is absent: a figure that was not measured has no key.

type Optional<T> = { readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Present<T> = Optional<T> & { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] };

/** The fields without those that are undefined. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
