import { codeProblem, generateCode } from './code.ts';
import type { FileStore } from './file-store.ts';
import { fileLocation, type Link } from './link.ts';
import type { LinkStore } from './store.ts';
import { checkTargetUrl } from './target-url.ts';

/** What a visitor wants to create. An empty code means a generated one; an uploaded file takes precedence over the URL. */
interface LinkRequest {
  readonly code: string;
  readonly url: string;
  /** Path of an uploaded file, not yet stored. */
  readonly partPath?: string;
  readonly owner: string;
  /** host[:port] of this site, whose own URLs are refused. */
  readonly ownHost?: string;
}

interface FieldError {
  readonly field: 'code' | 'url';
  readonly message: string;
}

export type Outcome =
  | { readonly status: 'created'; readonly link: Link }
  | { readonly status: 'taken'; readonly code: string }
  | { readonly status: 'invalid'; readonly errors: readonly FieldError[] };

/** Creates a link, or returns why not. An uploaded file that did not become a link is left for the caller to remove. */
export async function createLink(store: LinkStore, files: FileStore, request: LinkRequest): Promise<Outcome> {
  const errors: FieldError[] = [];
  const badCode = request.code === '' ? undefined : codeProblem(request.code);
  if (badCode) errors.push({ field: 'code', message: badCode });
  const target = request.partPath ? { url: '' } : checkTargetUrl(request.url, request.ownHost);
  if ('problem' in target) errors.push({ field: 'url', message: target.problem });
  if (errors.length > 0 || 'problem' in target) return { status: 'invalid', errors };

  const createdAt = new Date().toISOString();
  for (;;) {
    const code = request.code || generateCode();
    const file = request.partPath && (await files.keep(request.partPath, code));
    const link: Link = { code, location: file ? fileLocation(file) : target.url, createdAt, owner: request.owner };
    const created = await store.create(link).catch(async (cause) => {
      if (file) await files.remove(file);
      throw cause;
    });
    if (created === 'created') return { status: 'created', link };
    if (request.code !== '') {
      if (file) await files.remove(file);
      return { status: 'taken', code };
    }
    // The generated code is taken: generate another one for the same file.
    if (file && request.partPath) await files.putBack(file, request.partPath);
  }
}
