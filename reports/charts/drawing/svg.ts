// SVG as text. No style attribute and no script ever: published pages are served under a policy that forbids both.
import { plainLine } from '../../format/plain-text.ts';

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with its children, already rendered; numbers are rounded to a tenth of a pixel, undefined attributes left out. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeText(String(value))}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** A text at a point; `anchor` is the side that stands there. */
export function label(
  content: string,
  at: { readonly x: number; readonly y: number },
  className: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return element(
    'text',
    { ...at, class: className, 'text-anchor': anchor === 'start' ? undefined : anchor },
    escapeText(content),
  );
}

/** A straight line. */
export function rule(x1: number, y1: number, x2: number, y2: number, className: string): string {
  return element('path', { d: `M${round(x1)},${round(y1)}L${round(x2)},${round(y2)}`, class: className });
}

/** A picture with the words that stand for it where it is not seen. */
export function picture(
  options: {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly width: number;
    readonly height: number;
    readonly className: string;
  },
  ...children: readonly string[]
): string {
  const { id, title, description, width, height, className } = options;
  return element(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: className,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
    },
    element('title', { id: `${id}-title` }, escapeText(title)),
    element('desc', { id: `${id}-desc` }, escapeText(description)),
    ...children,
  );
}

/** A tooltip: what a pointer over the element shows, and what it is called. */
export function tooltip(content: string): string {
  return element('title', {}, escapeText(content));
}

function escapeText(text: string): string {
  return plainLine(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
