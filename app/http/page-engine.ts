import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { Express } from 'express';

type Template = (locals: object) => string;

/**
 * Makes the app render the templates in `folder`. The build contains each template as a function, because loading pug and
 * compiling a page takes a third of a second, which the first visitor of each worker would wait.
 */
export function useTemplates(app: Express, folder: string, isBuilt = import.meta.url.endsWith('.js')): void {
  app.set('views', folder);
  app.set('view engine', isBuilt ? 'cjs' : 'pug');
  app.enable('view cache');
  if (isBuilt) app.set('view', viewsOf(folder));
}

/** Express's views, all loaded now: a deployment may remove the folder while workers still answer from it. */
function viewsOf(folder: string) {
  const load = createRequire(import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.cjs'));
  const templates = new Map(files.map((file) => [basename(file, '.cjs'), load(join(folder, file)) as Template]));
  return class {
    /** Without one Express says that there is no such view. */
    readonly path: string | undefined;
    readonly #template: Template | undefined;
    constructor(name: string) {
      this.#template = templates.get(name);
      this.path = this.#template && name;
    }
    render(locals: object, done: (cause: unknown, html?: string) => void): void {
      let html: string | undefined;
      try {
        html = this.#template?.(locals);
      } catch (cause) {
        done(cause);
        return;
      }
      done(null, html);
    }
  };
}
