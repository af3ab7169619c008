const text = { type: 'string' } as const;
const refused = (description: string) =>
  ({ description, content: json({ $ref: '#/components/schemas/Error' }) }) as const;
const unavailable = refused('The links cannot be read or written at the moment; try again');
const unknown = refused('There is no link with this code');
const otherSite = refused('The request came from another site');
const link = { description: 'The link', content: json({ $ref: '#/components/schemas/Link' }) };
const code = { name: 'code', in: 'path', required: true, schema: { $ref: '#/components/schemas/Code' } };

/** The OpenAPI document of the JSON API, served at /openapi.json. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'headroom shortener',
    version: '1.0.0',
    description:
      'Create, list and delete short links. The first creation sets a signed cookie that identifies the visitor; send it with later requests to list and delete your links.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  paths: {
    '/api': {
      get: {
        operationId: 'listCodes',
        summary: 'List the codes that this visitor has created, oldest first',
        responses: {
          200: { description: 'The codes', content: json({ type: 'array', items: text }) },
          503: unavailable,
        },
      },
    },
    '/api/links': {
      post: {
        operationId: 'createLink',
        summary: 'Create a link to a website',
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/NewLink' }) },
        responses: {
          201: { ...link, headers: { Location: { description: 'Path of the link in this API', schema: text } } },
          400: refused('The body is not valid JSON'),
          403: otherSite,
          409: refused('The code is already taken'),
          413: refused('The body is larger than 16 KiB'),
          415: refused('The content type is not application/json'),
          422: {
            description: 'Invalid fields',
            content: json({ $ref: '#/components/schemas/FieldErrors' }),
          },
          429: {
            ...refused('Too many links were created from this address'),
            headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
          },
          503: unavailable,
        },
      },
    },
    '/api/links/{code}': {
      parameters: [code],
      get: {
        operationId: 'getLink',
        summary: 'Get a link and its visit count',
        responses: { 200: link, 404: unknown, 503: unavailable },
      },
      delete: {
        operationId: 'deleteLink',
        summary: 'Delete a link; only the visitor who created it can',
        responses: {
          204: { description: 'Deleted. Other worker processes may redirect for some milliseconds more' },
          403: refused('Another visitor created the link, or the request came from another site'),
          404: unknown,
          503: unavailable,
        },
      },
    },
  },
  components: {
    schemas: {
      Code: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'The short name, case-sensitive' },
      NewLink: {
        type: 'object',
        required: ['url'],
        properties: {
          url: { type: 'string', format: 'uri', maxLength: 2048, description: 'An http or https URL' },
          code: {
            type: 'string',
            pattern: '^[A-Za-z0-9_-]{0,64}$',
            description: 'The short name, case-sensitive. Empty or absent: seven characters are generated',
          },
        },
      },
      Link: {
        type: 'object',
        required: ['code', 'shortUrl', 'url', 'createdAt', 'visits'],
        additionalProperties: false,
        properties: {
          code: { $ref: '#/components/schemas/Code' },
          shortUrl: { type: 'string', format: 'uri', description: 'The address to share' },
          url: { type: 'string', format: 'uri', description: 'Where it leads' },
          createdAt: { type: 'string', format: 'date-time', description: 'ISO 8601, UTC' },
          visits: { type: 'integer', minimum: 0, description: 'Updated about once per second' },
        },
      },
      Error: { type: 'object', required: ['error'], additionalProperties: false, properties: { error: text } },
      FieldErrors: {
        type: 'object',
        required: ['error', 'fields'],
        additionalProperties: false,
        properties: {
          error: text,
          fields: {
            type: 'object',
            additionalProperties: false,
            properties: { url: text, code: text },
            description: 'What is wrong, by field',
          },
        },
      },
    },
  },
} as const;

function json<Schema>(schema: Schema) {
  return { 'application/json': { schema } } as const;
}
