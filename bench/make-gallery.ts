// `npm run gallery [-- FOLDER]`: every chart in every state, on one page in runs/gallery.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStyleSheet } from '../reports/render/html.ts';
import { askedWords } from './asked-words.ts';
import { renderGallery } from './gallery/gallery.ts';

const [out = join('runs', 'gallery')] = askedWords('npm run gallery [-- FOLDER]');
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'index.html'), await renderGallery());
writeFileSync(join(out, 'report.css'), readStyleSheet());
process.stdout.write(`gallery: ${join(out, 'index.html')}\n`);
