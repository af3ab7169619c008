import { codeProblem, generateCode } from './code.ts';
import type { FileStore } from './file-store.ts';
import { fileLocation, type Link } from './link.ts';
import type { LinkStore } from './store.ts';
import { checkTargetUrl } from './target-url.ts';

/** What a visitor asks for: an empty code gets a generated one; a part (an arrived upload) goes before the URL. */
export interface Wish {
  readonly code: string;
  readonly url: string;
  readonly partPath?: string;
  readonly owner: string;
  /** host[:port] of this site, which may not be shortened. */
  readonly ownHost?: string;
}

export interface FieldError {
  readonly field: 'code' | 'url';
  readonly message: string;
}

export type Outcome =
  | { readonly status: 'created'; readonly link: Link }
  | { readonly status: 'taken'; readonly code: string }
  | { readonly status: 'invalid'; readonly errors: readonly FieldError[] };

/** Creates a link, or says why not. An arrived part that became no link is left to its caller to remove. */
export async function createLink(store: LinkStore, files: FileStore, wish: Wish): Promise<Outcome> {
  const errors: FieldError[] = [];
  const badCode = wish.code === '' ? undefined : codeProblem(wish.code);
  if (badCode) errors.push({ field: 'code', message: badCode });
  const target = wish.partPath ? { url: '' } : checkTargetUrl(wish.url, wish.ownHost);
  if ('problem' in target) errors.push({ field: 'url', message: target.problem });
  if (errors.length > 0 || 'problem' in target) return { status: 'invalid', errors };

  const createdAt = new Date().toISOString();
  for (;;) {
    const code = wish.code || generateCode();
    const file = wish.partPath && (await files.keep(wish.partPath, code));
    const link: Link = { code, location: file ? fileLocation(file) : target.url, createdAt, owner: wish.owner };
    const created = await store.create(link).catch(async (cause) => {
      if (file) await files.remove(file);
      throw cause;
    });
    if (created === 'created') return { status: 'created', link };
    if (wish.code !== '') {
      if (file) await files.remove(file);
      return { status: 'taken', code };
    }
    // A generated code that is taken: draw another one, for the same file.
    if (file && wish.partPath) await files.putBack(file, wish.partPath);
  }
}
