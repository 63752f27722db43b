import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { unlinkSync } from "node:fs";
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
 * Lets a server listen where only this user can connect: on a Unix socket in the folder, else in `/tmp`, or on loopback TCP
 * where there can be none.
 *
 * @param folder for the socket @default the system's folder for temporary files
 */
export async function listen(
  server: Server,
  { platform, folder = tmpdir() }: { platform: NodeJS.Platform; folder?: string | undefined },
): Promise<PluginAddress> {
  const name = `plugin-${randomBytes(8).toString("hex")}`;
  const folders = platform === "win32" ? [] : [folder, "/tmp"];
  for (const path of folders.map((each) => join(each, name))) {
    if (Buffer.byteLength(path) > maxSocketPath || !(await listensAt(server, path))) continue;
    return { network: "unix", address: path, unlink: () => unlinkIfThere(path) };
  }
  await listening(server, () => server.listen(0, "127.0.0.1"));
  const bound = server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  return { network: "tcp", address: `127.0.0.1:${port}`, unlink: () => undefined };
}

/** @returns `false` where no socket can be: TMPDIR may name a folder that is missing or read-only */
async function listensAt(server: Server, path: string): Promise<boolean> {
  try {
    await listening(server, () => {
      // The socket is bound within this call, so that nothing else gets the mask.
      const mask = process.umask(0o077);
      server.listen(path);
      process.umask(mask);
    });
    return true;
  } catch {
    return false;
  }
}

/** As `rmSync` with `force`, whose first call takes a millisecond of every start. */
function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

async function listening(server: Server, start: () => void): Promise<void> {
  const listens = once(server, "listening");
  start();
  await listens;
}
