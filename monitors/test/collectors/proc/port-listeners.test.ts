import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { findListeners, listenedPorts, parseListening } from '../../../collectors/proc/port-listeners.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
`;

test('sockets that listen are read, connections are not', () => {
  expect(parseListening(table)).toEqual([{ address: '0100007F', port: 3000, inode: '4711' }]);
});

test('a server is found by its port, at its own address or at every one', async () => {
  const [one, all] = [createServer().listen(0, '127.0.0.1'), createServer().listen(0)];
  await Promise.all([once(one, 'listening'), once(all, 'listening')]);
  const [port, everywhere] = [one, all].map((server) => (server.address() as AddressInfo).port) as [number, number];
  try {
    expect(findListeners('127.0.0.1', port)).toEqual([process.pid]);
    expect(findListeners('localhost', port)).toEqual([process.pid]);
    expect(findListeners('127.0.0.2', port)).toEqual([]);
    expect(findListeners('[::1]', port)).toEqual([]);
    expect(findListeners('127.0.0.1', everywhere)).toEqual([process.pid]);
    expect(listenedPorts([process.pid])).toEqual(expect.arrayContaining([port, everywhere]));
  } finally {
    one.close();
    all.close();
  }
  await once(one, 'close');
  expect(findListeners('127.0.0.1', port)).toEqual([]);
});
