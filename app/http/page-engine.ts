import { createRequire } from 'node:module';
import type { Express } from 'express';

const load = createRequire(import.meta.url);
const built = import.meta.url.endsWith('.js');

/**
 * Makes the app render the templates in `folder`. The build contains each template as a function, because loading pug and
 * compiling a page takes a third of a second, which the first visitor of each worker would wait.
 */
export function useTemplates(app: Express, folder: string): void {
  app.set('views', folder);
  app.set('view engine', built ? 'cjs' : 'pug');
  app.enable('view cache');
  if (!built) return;
  app.engine('cjs', (path, locals, done) => {
    let html: string;
    try {
      html = load(path)(locals);
    } catch (cause) {
      done(cause);
      return;
    }
    done(null, html);
  });
}
