// The gallery: every chart in every state on one page, for review by eye.
import { fileURLToPath } from 'node:url';
import pug from 'pug';
import { unbroken } from '../../reports/format/unbroken.ts';
import { galleryEntries } from './states.ts';

/** HTML that stands beside report.css. */
export async function renderGallery(): Promise<string> {
  const view = fileURLToPath(new URL('./gallery.pug', import.meta.url));
  return pug.compileFile(view, { doctype: 'html' })({ entries: await galleryEntries(), unbroken });
}
