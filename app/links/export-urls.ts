import { fileOf } from './link.ts';
import type { LinkStore } from './store.ts';

/** All links in the format of urls.json, in chunks, because there may be millions. Counts those that are files. */
export async function* exportUrls(store: LinkStore, exported = { files: 0 }): AsyncGenerator<string> {
  let separator = '{\n  ';
  let any = false;
  for await (const { code, location } of store.all()) {
    const file = fileOf(location);
    if (file) exported.files += 1;
    const target = file ? { file: [file.stored, file.original].filter(Boolean).join('/') } : { url: location };
    yield `${separator}${JSON.stringify(code)}: ${JSON.stringify(target)}`;
    separator = ',\n  ';
    any = true;
  }
  yield any ? '\n}\n' : '{}\n';
}
