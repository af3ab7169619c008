const text = { type: 'string' } as const;
const error = { description: 'What went wrong', content: json({ $ref: '#/components/schemas/Error' }) };
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
          503: error,
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
          400: error,
          403: error,
          409: { ...error, description: 'The code is already taken' },
          413: error,
          415: error,
          422: {
            description: 'Invalid fields',
            content: json({ $ref: '#/components/schemas/FieldErrors' }),
          },
          429: {
            ...error,
            description: 'Too many links were created from this address',
            headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
          },
          503: error,
        },
      },
    },
    '/api/links/{code}': {
      parameters: [code],
      get: {
        operationId: 'getLink',
        summary: 'Get a link and its visit count',
        responses: { 200: link, 404: error, 503: error },
      },
      delete: {
        operationId: 'deleteLink',
        summary: 'Delete a link; only the visitor who created it can',
        responses: {
          204: { description: 'Deleted. Other worker processes may redirect for some milliseconds more' },
          403: error,
          404: error,
          503: error,
        },
      },
    },
  },
  components: {
    schemas: {
      Code: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
      NewLink: {
        type: 'object',
        required: ['url'],
        properties: {
          url: { type: 'string', format: 'uri', maxLength: 2048, description: 'An http or https URL' },
          code: {
            type: 'string',
            pattern: '^[A-Za-z0-9_-]{0,64}$',
            description: 'Empty or absent: a code of seven characters is generated',
          },
        },
      },
      Link: {
        type: 'object',
        required: ['code', 'shortUrl', 'url', 'createdAt', 'visits'],
        additionalProperties: false,
        properties: {
          code: { $ref: '#/components/schemas/Code' },
          shortUrl: { type: 'string', format: 'uri' },
          url: { type: 'string', format: 'uri' },
          createdAt: { type: 'string', format: 'date-time' },
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
          fields: { type: 'object', additionalProperties: false, properties: { url: text, code: text } },
        },
      },
    },
  },
} as const;

function json<Schema>(schema: Schema) {
  return { 'application/json': { schema } } as const;
}
