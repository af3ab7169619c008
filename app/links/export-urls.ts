import { fileNameOf } from './link.ts';
import type { LinkStore } from './store.ts';

/** All links in the form of a urls.json, piece by piece, because there may be a million. */
export async function* exportUrls(store: LinkStore): AsyncGenerator<string> {
  let separator = '{\n  ';
  let any = false;
  for await (const { code, location } of store.all()) {
    const file = fileNameOf(location);
    yield `${separator}${JSON.stringify(code)}: ${JSON.stringify(file ? { file } : { url: location })}`;
    separator = ',\n  ';
    any = true;
  }
  yield any ? '\n}\n' : '{}\n';
}
