import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a plugin listens, in go-plugin's words. */
export interface PluginAddress {
  readonly network: "unix" | "tcp";
  /** The socket's path, or `127.0.0.1:PORT`. */
  readonly address: string;
  /** Removes the socket's file. Connections that were made stay. */
  unlink(): void;
}

// sun_path holds 104 bytes on macOS and 108 on Linux, the final zero included.
const maxSocketPath = 103;

/**
 * Lets a server listen where only this user can connect: on a Unix socket, or on loopback TCP where
 * there are none.
 *
 * @param folder for the socket @default the system's folder for temporary files
 */
export async function listen(
  server: Server,
  { platform, folder = tmpdir() }: { platform: NodeJS.Platform; folder?: string | undefined },
): Promise<PluginAddress> {
  const name = `plugin-${randomBytes(8).toString("hex")}`;
  const path = [join(folder, name), join("/tmp", name)].find(
    (candidate) => Buffer.byteLength(candidate) <= maxSocketPath,
  );
  if (platform === "win32" || path === undefined) {
    await listening(server, () => server.listen(0, "127.0.0.1"));
    const bound = server.address();
    const port = typeof bound === "object" && bound !== null ? bound.port : 0;
    return { network: "tcp", address: `127.0.0.1:${port}`, unlink: () => undefined };
  }
  await listening(server, () => {
    // The socket is bound within this call, so that nothing else gets the mask.
    const mask = process.umask(0o077);
    server.listen(path);
    process.umask(mask);
  });
  return { network: "unix", address: path, unlink: () => rmSync(path, { force: true }) };
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    start();
  });
}
