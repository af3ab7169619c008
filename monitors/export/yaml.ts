/** Plain data as YAML: block style, with every text in quotation marks, so that none reads as anything else. */
export function renderYaml(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries: [head: string, each: unknown][] = Array.isArray(value)
    ? value.map((each) => ['-', each])
    : Object.entries(value).map(([name, each]) => [`${name}:`, each]);
  if (entries.length === 0) return Array.isArray(value) ? '[]' : '{}';
  return entries
    .map(([head, each]) => {
      const isBlock = typeof each === 'object' && each !== null && Object.keys(each).length > 0;
      if (!isBlock) return `${indent}${head} ${renderYaml(each)}`;
      const block = renderYaml(each, `${indent}  `);
      return head === '-' ? `${indent}- ${block.trimStart()}` : `${indent}${head}\n${block}`;
    })
    .join('\n');
}

/** Between single quotation marks nothing is escaped but they; a text of several lines needs double ones. */
function quoted(text: string): string {
  return /["\\]/.test(text) && /^[ -~\u00a0-\ud7ff]*$/.test(text)
    ? `'${text.replaceAll("'", "''")}'`
    : JSON.stringify(text);
}
