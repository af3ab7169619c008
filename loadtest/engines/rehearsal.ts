// A generator's first requests would leave late by the time that it takes to load and compile what sends them. So it sends some to
// itself before it says that it is ready.
import { type AddressInfo, createServer } from 'node:net';
import { runOpenStage } from './open.ts';

/** More than can be sent, so that V8 has seen as much as possible of what is hot when the first arrival of a run is due. */
const plan = { durationS: 0.4, arrivalRatePerS: { from: 50_000, to: 50_000 } };

/** What a target may send: code that has met one of them alone would be compiled again when it meets another. */
const answers = [
  'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nServer: x\r\nDate: x\r\nContent-Type: text/plain\r\nContent-Length: 11\r\nConnection: keep-alive\r\n\r\nhello world',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 500 Internal Server Error\r\nContent-Length: 2\r\n\r\nno',
].map((answer) => Buffer.from(answer));

/** Runs a short open stage against a server in this process; its figures are discarded. */
export async function rehearse(): Promise<void> {
  let answered = 0;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => socket.write(answers[answered++ % answers.length] as Buffer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await runOpenStage(
    {
      ...plan,
      kind: 'open',
      stage: 0,
      generator: 0,
      generators: 1,
      origin: `http://127.0.0.1:${port}`,
      routes: [{ name: 'rehearsal', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200, 204, 302] }],
      startAt: Date.now(),
      arrivals: 'constant',
      seed: 1,
      maxConnections: 16,
      timeoutS: 2,
      insecure: false,
    },
    () => {},
    new AbortController().signal,
  );
  await new Promise((resolve) => server.close(resolve));
}
