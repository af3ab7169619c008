import { codeProblem, generateCode } from './code.ts';
import type { FileStore } from './file-store.ts';
import { fileLocation, type Link } from './link.ts';
import type { LinkStore } from './store.ts';
import { checkTargetUrl } from './target-url.ts';

/** An uploaded file that is not yet stored. */
export interface Upload {
  readonly partPath: string;
  /** The name that it had; absent when it had none that can be kept. */
  readonly original?: string | undefined;
}

/** What a visitor wants to create. An empty code means a generated one; an uploaded file takes precedence over the URL. */
interface LinkRequest {
  readonly code: string;
  readonly url: string;
  readonly upload?: Upload | undefined;
  /** The form was that for files. */
  readonly expectsFile?: boolean;
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
  const { upload } = request;
  const target = upload ? { url: '' } : targetOf(request);
  if ('problem' in target) errors.push({ field: 'url', message: target.problem });
  if (errors.length > 0 || 'problem' in target) return { status: 'invalid', errors };

  const createdAt = new Date().toISOString();
  for (;;) {
    const code = request.code || generateCode();
    const stored = upload && (await files.keep(upload.partPath, code));
    const location = stored ? fileLocation({ stored, original: upload.original }) : target.url;
    const link: Link = { code, location, createdAt, owner: request.owner };
    const created = await store.create(link).catch(async (cause) => {
      if (stored) await files.remove(stored);
      throw cause;
    });
    if (created === 'created') return { status: 'created', link };
    if (request.code !== '') {
      if (stored) await files.remove(stored);
      return { status: 'taken', code };
    }
    // The generated code is taken: generate another one for the same file.
    if (stored) await files.putBack(stored, upload.partPath);
  }
}

function targetOf({ url, ownHost, expectsFile }: LinkRequest): ReturnType<typeof checkTargetUrl> {
  return expectsFile ? { problem: 'Choose a file.' } : checkTargetUrl(url, ownHost);
}
