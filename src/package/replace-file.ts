import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file that others read, such as Terraform: who reads it finds the old content or the new one, whole.
 *
 * A link stays one: what it leads to is replaced.
 *
 * @param path in a folder that exists
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const target = existsSync(path) ? realpathSync(path) : path;
  const fresh = `${target}.${randomUUID()}`;
  try {
    writeFileSync(fresh, content);
    chmodSync(fresh, 0o644); // whatever the user's mask is: it holds no secret
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
