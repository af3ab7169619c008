// Paths -> patterns like /item/:id, so that a million paths make no million rows. A pattern has no query: there may be credentials in it.

/** Beside more siblings than this, a segment may be a name like any other ... */
const mostSiblings = 30;
/** ... and is one when fewer of the requests name it. */
const ownShare = 0.01;
/** Names below one node, and nodes in all, that are kept apart while a log is read. */
const mostChildren = 1000;
const mostNodes = 50_000;
const deepest = 8;

type Node = {
  readonly label: string;
  readonly parent: Node | undefined;
  readonly children: Map<string, Node>;
  requests: number;
};

/** Returns a collector of paths. `add` gives the number of a path's node; after `count` of all requests, `pattern` names that node. */
export function createPathPatterns() {
  const nodes: Node[] = [];
  const make = (label: string, parent?: Node): Node => {
    const node = { label, parent, children: new Map<string, Node>(), requests: 0 };
    numbers.set(node, nodes.push(node) - 1);
    // A copy: the slice of a line would keep the whole piece of the file in memory.
    parent?.children.set(Buffer.from(label).toString(), node);
    return node;
  };
  const numbers = new Map<Node, number>();
  const root = make('');
  const childOf = (node: Node, segment: string): Node => {
    const known = node.children.get(segment);
    if (known) return known;
    const label = nameless(segment);
    const isFull = node.children.size >= mostChildren || nodes.length >= mostNodes;
    const chosen = isFull && !label.startsWith(':') ? ':name' : label;
    return node.children.get(chosen) ?? make(chosen, node);
  };
  return {
    add(path: string): number {
      const end = path.search(/[?;#]/);
      const segments = (end < 0 ? path : path.slice(0, end)).split('/', deepest + 2).slice(1);
      let node = root;
      for (const [depth, segment] of segments.entries()) node = childOf(node, depth < deepest ? segment : '...');
      return numbers.get(node) as number;
    },
    count(node: number, requests: number): void {
      for (let at = nodes[node]; at; at = at.parent) at.requests += requests;
    },
    pattern(node: number): string {
      const labels: string[] = [];
      for (let at = nodes[node] as Node; at.parent; at = at.parent)
        labels.unshift(isName(at, at.parent) ? ':name' : at.label);
      return `/${labels.join('/')}`;
    },
  };
}

function isName({ label, requests }: Node, parent: Node): boolean {
  return !label.startsWith(':') && parent.children.size > mostSiblings && requests < parent.requests * ownShare;
}

/** The segment, or what it stands for when it is a number, a hash, a date, an address or a token. */
function nameless(segment: string): string {
  if (isId(segment)) return ':id';
  if (!segment.includes('.')) return segment;
  return segment
    .split('.')
    .map((part) => (isId(part) ? ':id' : part))
    .join('.');
}

function isId(text: string): boolean {
  if (/^\d[\d_:,-]*$/.test(text) || /[@=]/.test(text)) return true;
  if (text.length < 8) return false;
  if (/^(?=.*\d)[0-9a-f-]+$/i.test(text) || /^\d{2,}-/.test(text)) return true;
  const isMixed = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w~-]+$/.test(text);
  // Base64url has dashes, as names of pages have: of these it differs by capitals among digits.
  if (isMixed && (text.length >= 16 || /^\w+$/.test(text))) return true;
  return text.length >= 16 && (/^(?=.*\d)\w+$/.test(text) || (text.length >= 24 && /^\w+$/.test(text)));
}
