// The JSON API for a person: the OpenAPI document as rows of text.
import { openApiDocument } from './openapi.ts';

interface Row {
  readonly name: string;
  readonly text: string;
}

/** One operation as the page shows it. */
interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tables: readonly { readonly caption: string; readonly rows: readonly Row[] }[];
  readonly example: string;
}

/** The parts of the document that the page reads. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Content {
  readonly content?: { readonly 'application/json': { readonly schema: Schema } };
}
interface Method {
  readonly operationId: string;
  readonly summary: string;
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

const METHODS = ['get', 'post', 'delete'] as const;

/** What the page shows, for a site such as `http://127.0.0.1:8000`. */
export function apiPage(site: string): { description: string; operations: Operation[] } {
  const paths = Object.entries(
    openApiDocument.paths as Record<string, Partial<Record<(typeof METHODS)[number], Method>>>,
  );
  const operations = paths.flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      return operation ? [describe(site, path, method.toUpperCase(), operation)] : [];
    }),
  );
  return { description: openApiDocument.info.description, operations };
}

function describe(site: string, path: string, method: string, operation: Method): Operation {
  const responses = Object.entries(operation.responses);
  const success = responses.find(([status]) => status.startsWith('2'))?.[1];
  const tables = [
    { caption: 'Body, as JSON', rows: fieldsOf(operation.requestBody) },
    { caption: 'Response', rows: fieldsOf(success) },
    { caption: 'Status', rows: responses.map(([name, { description }]) => ({ name, text: description })) },
  ];
  const { operationId: id, summary } = operation;
  const filled = tables.filter(({ rows }) => rows.length > 0);
  return { id, method, path, summary, tables: filled, example: exampleOf(site, path, method) };
}

function fieldsOf(from: Content | undefined): Row[] {
  const schema = from?.content && resolved(from.content['application/json'].schema);
  const required = new Set(schema?.required);
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const { type, description, pattern, maxLength } = resolved(property);
    const limits = [pattern && `matches ${pattern}`, maxLength && `at most ${maxLength} characters`];
    const kind = [required.has(name) ? type : `${type}, optional`, ...limits.filter(Boolean)].join(', ');
    return { name, text: description ? `${description} (${kind})` : kind };
  });
}

function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : ((openApiDocument.components.schemas as Record<string, Schema>)[name] ?? schema);
}

/** A command that works when pasted; the cookie file keeps the visitor. */
function exampleOf(site: string, path: string, method: string): string {
  const curl = `curl -b visitor.txt -c visitor.txt ${site}${path.replace('{code}', 'my-link')}`;
  if (method === 'DELETE') return `${curl} -X DELETE`;
  return method === 'POST' ? `${curl} --json '{"url": "https://example.org/", "code": "my-link"}'` : curl;
}
