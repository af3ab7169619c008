import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../../http/openapi.ts';
import { cleanUp } from '../app-process.ts';
import { type AppServer, startApp, type Visitor, visit } from '../app-server.ts';

let site: AppServer;
beforeAll(async () => {
  site = await startApp();
});
afterAll(async () => {
  await site.stop();
  await cleanUp();
});

const ajv = new Ajv2020.default({ strict: false });
addFormats.default(ajv);
ajv.addSchema({ $id: 'api', ...openApiDocument });

type Answer = { readonly status: number; readonly body: unknown; readonly headers: Headers };

/** Sends a request and validates the response against the OpenAPI document. */
async function call(visitor: Visitor, method: string, path: string, template: string, body?: unknown): Promise<Answer> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await visitor.send(path, { method, ...init });
  const answer = {
    status: response.status,
    headers: response.headers,
    body: response.status === 204 ? undefined : await response.json(),
  };
  const at = ['paths', template, method.toLowerCase(), 'responses', String(response.status)];
  const promised = at.reduce<unknown>(
    (node, key) => (node as Record<string, unknown> | undefined)?.[key],
    openApiDocument,
  );
  if (!promised) throw new Error(`${at.join(' ')} is not in the document: ${JSON.stringify(answer.body)}`);
  if ((promised as { content?: unknown }).content) {
    const pointer = [...at, 'content', 'application/json', 'schema'].map((key) => key.replaceAll('/', '~1')).join('/');
    const validate = ajv.compile({ $ref: `api#/${encodeURI(pointer)}` });
    expect([validate(answer.body), validate.errors]).toEqual([true, null]);
  }
  return answer;
}

const create = (visitor: Visitor, body: unknown) => call(visitor, 'POST', '/api/links', '/api/links', body);
const one = (visitor: Visitor, method: string, code: string) =>
  call(visitor, method, `/api/links/${code}`, '/api/links/{code}');

test('the document is valid OpenAPI and is served', async () => {
  const served = (await (await visit(site.url).get('/openapi.json')).json()) as Record<string, unknown>;
  expect(served).toEqual(openApiDocument);
  expect(await new Validator().validate(served)).toMatchObject({ valid: true });
});

test('the documentation has every operation of the document, and an example that works', async () => {
  const html = await (await visit(site.url).get('/api/docs')).text();
  for (const [path, methods] of Object.entries(openApiDocument.paths))
    for (const [method, operation] of Object.entries(methods))
      if ('summary' in operation) {
        expect(html).toContain(`${method.toUpperCase()} ${path}`);
        for (const { description } of Object.values<{ description: string }>(operation.responses))
          expect(html).toContain(description);
      }
  const example = /--json '(.+)'/.exec(html.replaceAll('&quot;', '"'))?.[1] ?? '';
  expect((await create(visit(site.url), JSON.parse(example))).status).toBe(201);
});

describe('creating', () => {
  test('answers 201 with the link and its path', async () => {
    const visitor = visit(site.url);
    const { status, headers, body } = await create(visitor, { url: 'https://example.org/x', code: 'fresh' });
    expect([status, headers.get('location')]).toEqual([201, '/api/links/fresh']);
    expect(body).toMatchObject({
      code: 'fresh',
      shortUrl: `${site.url}/fresh`,
      url: 'https://example.org/x',
      visits: 0,
    });
    expect((await visitor.get('/fresh')).headers.get('location')).toBe('https://example.org/x');
    expect((await call(visitor, 'GET', '/api', '/api')).body).toEqual(['fresh']);
  });

  test('generates a code when none is given', async () => {
    const { status, body } = await create(visit(site.url), { url: 'https://example.org/' });
    expect([status, body]).toEqual([201, expect.objectContaining({ code: expect.stringMatching(/^\w{7}$/) })]);
  });

  test('a taken code is 409', async () => {
    const { status, body } = await create(visit(site.url), { url: 'https://example.org/', code: 'go' });
    expect([status, body]).toEqual([409, { error: 'The short name "go" is already taken.' }]);
  });

  test('invalid fields are 422, each with a reason', async () => {
    const { status, body } = await create(visit(site.url), { url: 'javascript:alert(1)', code: 'a/b' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      fields: { url: 'Start the URL with http:// or https://.', code: expect.any(String) },
    });
    for (const wrong of [{}, [], 'text', { url: 7 }, { url: { a: 1 } }, { url: null, code: [] }]) {
      expect((await create(visit(site.url), wrong)).status).toBe(typeof wrong === 'string' ? 400 : 422);
    }
  });

  test('a body that is not JSON, too large or of another type is refused', async () => {
    const send = async (body: string, type: string) => {
      const response = await visit(site.url).send('/api/links', {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      });
      return [response.status, await response.json()];
    };
    expect(await send('{"url":', 'application/json')).toEqual([400, { error: 'The request body is not valid JSON.' }]);
    expect(await send(JSON.stringify({ url: 'x'.repeat(20_000) }), 'application/json')).toMatchObject([
      413,
      { error: expect.stringContaining('too large') },
    ]);
    const deep = '['.repeat(8000) + ']'.repeat(8000);
    expect(await send(`{"url": ${deep}}`, 'application/json')).toMatchObject([422, {}]);
    expect(await send('url=x', 'text/plain')).toMatchObject([415, { error: expect.any(String) }]);
  });
});

describe('one link', () => {
  test('has its visit count', async () => {
    const visitor = visit(site.url);
    await create(visitor, { url: 'https://example.org/', code: 'visited' });
    for (let i = 0; i < 3; i += 1) await visitor.get('/visited');
    await visitor.send('/visited', { method: 'HEAD' });
    await site.visits.flush();
    expect((await one(visitor, 'GET', 'visited')).body).toMatchObject({ visits: 3 });
    expect((await one(visitor, 'GET', 'nothing')).status).toBe(404);
  });

  test('can be deleted by its creator only', async () => {
    const [maker, other] = [visit(site.url), visit(site.url)];
    await create(maker, { url: 'https://example.org/', code: 'gone' });
    await create(other, { url: 'https://example.org/' });
    expect((await one(other, 'DELETE', 'gone')).status).toBe(403);
    expect((await one(visit(site.url), 'DELETE', 'go')).status).toBe(403);
    expect((await one(maker, 'DELETE', 'gone')).status).toBe(204);
    expect((await one(maker, 'DELETE', 'gone')).status).toBe(404);
    expect((await maker.get('/gone')).status).toBe(404);
    expect((await call(maker, 'GET', '/api', '/api')).body).toEqual([]);
  });
});
