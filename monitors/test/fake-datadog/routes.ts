export type Answer = { readonly status: number; readonly body?: unknown };
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
};
/** Answers a request of its part of the API, or undefined when the path is not one of them. */
export type Routes = (asked: Asked) => Answer | undefined;
