import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openFileStore } from '../../links/file-store.ts';
import { cleanUp, tempFolder } from '../app-process.ts';
import { type AppServer, startApp, visit } from '../app-server.ts';

let site: AppServer;
beforeAll(async () => {
  site = await startApp();
});
afterAll(async () => {
  await site.stop();
  await cleanUp();
});

const website = (code: string, url: string) => new URLSearchParams({ code, url });
const upload = (code: string, content: string | Buffer, name: string) => {
  const form = new FormData();
  form.set('code', code);
  form.set('file', new Blob([content]), name);
  return form;
};

describe('the paths of the predecessor', () => {
  test('home has both forms and sets no cookie', async () => {
    const response = await visit(site.url).get('/');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(html.match(/<form action="\/your-url" method="post"/g)).toHaveLength(2);
    expect(html).toContain('enctype="multipart/form-data"');
  });

  test('GET /your-url redirects to home', async () => {
    const response = await visit(site.url).get('/your-url');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  });

  test('seed links redirect, one of them to a picture', async () => {
    const visitor = visit(site.url);
    const website = await visitor.get('/yoo');
    expect([website.status, website.headers.get('location')]).toEqual([302, 'http://yahoo.com']);
    const gauge = await visitor.get('/gauge');
    expect(gauge.status).toBe(302);
    const picture = await visitor.get(gauge.headers.get('location') ?? '');
    expect(picture.headers.get('content-type')).toBe('image/png');
    const shipped = readFileSync(join(import.meta.dirname, '..', '..', 'links', 'seed', 'gauge.png'));
    expect(Buffer.from(await picture.arrayBuffer()).equals(shipped)).toBe(true);
  });

  test.each([
    '/nothing',
    '/no/such/page',
    '/GO',
    '/go/',
    '/go.html',
    '/%00',
    '/a%2fb',
    '/files/nothing.x.png',
    '/static',
    '/static/',
  ])('%s is the 404 page with status 404', async (path) => {
    const response = await visit(site.url).get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('Link not found');
  });

  test('healthz is ok', async () => {
    const response = await visit(site.url).get('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });
});

describe('creating', () => {
  test('a website link shows the short URL, redirects, and is listed for its visitor only', async () => {
    const [maker, other] = [visit(site.url), visit(site.url)];
    const response = await maker.post('/your-url', website('mine', 'https://example.org/a?b=c#d'));
    expect([response.status, response.headers.get('location')]).toEqual([303, '/mine+']);
    const page = await (await maker.get('/mine+')).text();
    expect([page.includes('Your link is ready'), page.includes(`>${site.url}/mine</output>`)]).toEqual([true, true]);
    // Reloading repeats neither the creation nor its message.
    expect(await (await maker.get('/mine+')).text()).not.toContain('Your link is ready');
    expect((await other.get('/mine')).headers.get('location')).toBe('https://example.org/a?b=c#d');

    await maker.post('/your-url', website('mine-too', 'https://example.org/'));
    expect(await (await maker.get('/api')).json()).toEqual(['mine', 'mine-too']);
    const home = await (await maker.get('/')).text();
    expect(home).toContain('<a href="/mine-too">');
    expect(home).toContain('<p class="destination">https://example.org/a?b=c#d</p>');
    expect(await (await other.get('/api')).json()).toEqual([]);
  });

  test('an empty code gets seven characters that are not easily confused', async () => {
    const maker = visit(site.url);
    await maker.post('/your-url', website('', 'https://example.org/'));
    const [code] = (await (await maker.get('/api')).json()) as string[];
    expect(code).toMatch(/^[2-9a-hjkmnp-zA-HJ-NP-Z]{7}$/);
    expect((await maker.get(`/${code}`)).status).toBe(302);
  });

  test('a taken code redirects to the home page, which reports it once', async () => {
    const visitor = visit(site.url);
    const response = await visitor.post('/your-url', website('go', 'https://example.org/'));
    expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
    const html = await (await visitor.get('/')).text();
    expect(html).toContain('The short name &quot;go&quot; is already taken.');
    expect(html).toMatch(
      /<input id="url-code"[^>]* value="go" aria-invalid="true"[^>]* aria-describedby="url-code-wrong url-hint"/,
    );
    expect(html).toMatch(/<input id="url"[^>]* value="https:\/\/example.org\/"/);
    expect(html.match(/aria-invalid/g)).toHaveLength(1);
    expect(await (await visitor.get('/')).text()).not.toContain('already taken');
    expect((await visitor.get('/go')).headers.get('location')).toBe('http://google.com');
  });

  test('of 50 creations of one code at once exactly one wins', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        visit(site.url).post('/your-url', website('race', `https://example.org/${i}`)),
      ),
    );
    const won = answers.findIndex((answer) => answer.status === 303);
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 302)).toHaveLength(49);
    expect((await visit(site.url).get('/race')).headers.get('location')).toBe(`https://example.org/${won}`);
  });

  test.each([
    ['a b', 'https://example.org/', 'Use only letters'],
    ['api', 'https://example.org/', 'is reserved'],
    ['x'.repeat(65), 'https://example.org/', 'at most 64'],
    ['ok', 'javascript:alert(1)', 'Start the URL with http:// or https://'],
    ['ok', '', 'Enter a URL'],
  ])('code %j with %j is refused with a reason', async (code, url, reason) => {
    const visitor = visit(site.url);
    expect((await visitor.post('/your-url', website(code, url))).status).toBe(302);
    expect(await (await visitor.get('/')).text()).toContain(reason);
    expect(await (await visitor.get('/api')).json()).toEqual([]);
  });
});

describe('files', () => {
  test('a file is stored under a name and a type that the app chooses', async () => {
    const visitor = visit(site.url);
    const html = '<script>alert(document.cookie)</script>';
    const created = await visitor.post('/your-url', upload('page', html, '../../evil.html'));
    expect(created.status).toBe(303);
    const location = (await visitor.get('/page')).headers.get('location') ?? '';
    expect(location).toMatch(/^\/files\/page\.[\w-]{21}\.txt\/evil\.html$/);
    const stored = await visitor.get(location);
    expect(stored.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(stored.headers.get('x-content-type-options')).toBe('nosniff');
    expect(stored.headers.get('content-security-policy')).toContain('sandbox');
    expect(await stored.text()).toBe(html);
  });

  test('a download has the name that the file had, and no other one', async () => {
    const visitor = visit(site.url);
    const names = [
      ['report.pdf', '%PDF-1', 'attachment; filename="report.pdf"'],
      ['Größe "2".png', 'text', `inline; filename="Gr__e 2.png"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%202.png`],
      ['..\\..\\.bashrc', 'text', 'inline; filename="bashrc"'],
      ['cod\u202egnp.exe', Buffer.from([0xff, 0xfe, 0]), 'attachment; filename="codgnp.exe"'],
      [`${'n'.repeat(300)}.docx`, 'PK\x03\x04', `attachment; filename="${'n'.repeat(95)}.docx"`],
    ] as const;
    for (const [index, [name, content, disposition]] of names.entries()) {
      await visitor.post('/your-url', upload(`named-${index}`, content, name));
      const location = (await visitor.get(`/named-${index}`)).headers.get('location') ?? '';
      expect((await visitor.get(location)).headers.get('content-disposition')).toBe(disposition);
      const other = location.replace(/[^/]*$/, 'invoice.exe');
      expect((await visitor.get(other)).status).toBe(404);
      const bare = location.replace(/\/[^/]*$/, '');
      expect((await visitor.get(bare)).headers.get('content-disposition')).toContain(`filename="named-${index}.`);
    }
  });

  test('the file form without a file asks for one', async () => {
    const visitor = visit(site.url);
    const form = new FormData();
    form.set('code', '');
    expect((await visitor.post('/your-url', form)).status).toBe(302);
    const html = await (await visitor.get('/')).text();
    expect(html).toContain('Choose a file.');
    expect(html).toMatch(/<input id="file"[^>]* aria-invalid="true"[^>]* aria-describedby="file-wrong"/);
    expect(html).not.toContain('Enter a URL.');
  });

  test('a download that is aborted, or asks for a part that is not there, logs nothing', async () => {
    const lines: string[] = [];
    const logged = await startApp({ log: (line) => lines.push(line), maxUploadBytes: 20_000_000 });
    const visitor = visit(logged.url);
    await visitor.post('/your-url', upload('large', Buffer.alloc(15_000_000), 'a.bin'));
    const location = (await visitor.get('/large')).headers.get('location') ?? '';
    const stop = new AbortController();
    const response = await fetch(logged.url + location, { signal: stop.signal });
    stop.abort();
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect((await visitor.send(location, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    await logged.stop();
    expect(lines).toEqual([]);
  });

  test('a site whose files have reached their limit refuses more of them, and still takes links', async () => {
    const files = openFileStore(tempFolder(), 150_000);
    const full = await startApp({ files });
    const visitor = visit(full.url);
    const post = async (code: string) =>
      (await visitor.post('/your-url', upload(code, Buffer.alloc(60_000), 'a'))).status;
    // The room for an upload is that of the largest one until its size is known.
    expect([await post('one'), await post('two'), await post('three')]).toEqual([303, 503, 503]);
    expect((await visitor.post('/your-url', website('link', 'https://example.org/'))).status).toBe(303);
    expect(readdirSync(files.folder)).toHaveLength(1);
    await full.stop();
  });

  test('an upload that does not become a link leaves no file', async () => {
    const before = readdirSync(site.filesFolder);
    const visitor = visit(site.url);
    expect((await visitor.post('/your-url', upload('go', 'text', 'a.txt'))).status).toBe(302);
    expect((await visitor.post('/your-url', upload('a/b', 'text', 'a.txt'))).status).toBe(302);
    expect((await visitor.post('/your-url', upload('big', Buffer.alloc(100_001), 'a.bin'))).status).toBe(413);
    expect(readdirSync(site.filesFolder)).toEqual(before);
  });
});
