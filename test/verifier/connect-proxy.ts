import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/**
 * A forward proxy on loopback that leads every tunnel to one port, whatever host is asked for.
 *
 * @param answer what it answers to CONNECT; only 200 opens the tunnel
 */
export async function startConnectProxy(port: number, answer = 200) {
  const asked: { authority: string; authorization: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connect", ({ url = "", headers }, client: Socket) => {
    asked.push({ authority: url, authorization: headers["proxy-authorization"] });
    sockets.add(client);
    client.on("error", () => undefined); // whoever gave up does not matter here
    if (answer !== 200) {
      client.end(`HTTP/1.1 ${answer} No\r\n\r\n`);
      return;
    }
    const target = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      target.pipe(client).pipe(target);
    });
    sockets.add(target);
    target.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
