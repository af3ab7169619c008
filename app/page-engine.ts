import { pathToFileURL } from 'node:url';
import type { Express } from 'express';

const built = import.meta.url.endsWith('.js');

/**
 * Has the app render the templates in `folder`. The build holds each as a function: to load pug and to compile a page takes a third of a
 * second, which the first visitor of every worker would wait.
 */
export function useTemplates(app: Express, folder: string): void {
  app.set('views', folder);
  app.set('view engine', built ? 'js' : 'pug');
  app.enable('view cache');
  if (!built) return;
  app.engine('js', (path, locals, done) => {
    import(pathToFileURL(path).href)
      .then(({ default: render }: { default: (locals: object) => string }) => render(locals))
      .then((html) => done(null, html), done);
  });
}
