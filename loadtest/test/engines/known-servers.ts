// Servers of known behaviour on the loopback, for the tests of the engines.
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';

/** Nothing listens there. A port that was free a moment ago may by now be that of another test. */
export const refusing = 'http://127.0.0.1:1';

/** Starts them one by one; `close` ends all of them. */
export function startServers() {
  const servers: (Server | TcpServer)[] = [];
  const sockets: Socket[] = [];

  async function listen(server: Server | TcpServer, host = '127.0.0.1', scheme = 'http'): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    const { port } = server.address() as AddressInfo;
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  return {
    listen,
    http: (listener: RequestListener): Promise<string> => listen(createServer({ keepAliveTimeout: 60_000 }, listener)),
    /** A server that gets each chunk that arrives, with its socket and the number of chunks before it. */
    tcp(onChunk: (socket: Socket, chunk: string, number: number) => void): Promise<string> {
      let number = 0;
      const server = createTcpServer((socket) => {
        socket.on('error', () => {}); // The client's way of hanging up is not what is tested.
        socket.on('data', (chunk) => onChunk(socket, chunk.toString(), number++));
        sockets.push(socket);
      });
      return listen(server);
    },
    async close(): Promise<void> {
      for (const socket of sockets.splice(0)) socket.destroy();
      for (const server of servers.splice(0)) {
        if ('closeAllConnections' in server) server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}
