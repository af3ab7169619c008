import { fileNameOf } from './link.ts';
import type { LinkStore } from './store.ts';

/** All links in the format of urls.json, in chunks, because there may be millions. */
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
