// The pages' templates. The build holds each as a function: to load pug and to compile a page takes as long as to read the run of an hour.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { splitFlags, unbroken } from '../format/unbroken.ts';

type Template = (locals: Readonly<Record<string, unknown>>) => string;

const load = createRequire(import.meta.url);
const built = import.meta.url.endsWith('.js');
const known = new Map<string, Template>();

/** The template of that name in views/; it takes the locals and gives HTML. */
export function template(name: string): Template {
  const found = known.get(name) ?? (built ? load(`./views/${name}.cjs`) : compile(name));
  known.set(name, found);
  return (locals) => found({ ...locals, unbroken, splitFlags });
}

function compile(name: string): Template {
  const path = fileURLToPath(new URL(`./views/${name}.pug`, import.meta.url));
  return load('pug').compileFile(path, { doctype: 'html' });
}
