import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "../core/system-error.js";
import { scaffoldErrors } from "./errors.js";

/**
 * Writes a file that must not be there yet.
 *
 * @param options.force replace one that is. @default false
 * @throws ScaffoldError `SCAFFOLD_FILE_EXISTS`, `SCAFFOLD_UNWRITABLE`
 */
export async function writeNewFile(
  path: string,
  content: string,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  await writeFile(path, content, { flag: force ? "w" : "wx" }).catch((cause: unknown) => {
    throw systemCode(cause) === "EEXIST"
      ? scaffoldErrors.fileExists(path, cause)
      : scaffoldErrors.unwritable(path, cause);
  });
}

/**
 * Writes files into a folder that is new or empty; one that only holds `.git` counts as empty.
 *
 * @param files contents by path below the folder
 * @throws ScaffoldError `SCAFFOLD_FOLDER_NOT_EMPTY`, `SCAFFOLD_UNWRITABLE`
 */
export async function writeNewFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const found = (await namesIn(folder)).filter((name) => name !== ".git");
  if (found.length > 0) throw scaffoldErrors.folderNotEmpty(folder, found.sort());
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true }).catch((cause: unknown) => {
      throw scaffoldErrors.unwritable(file, cause);
    });
    await writeNewFile(file, content);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return [];
    throw scaffoldErrors.unwritable(folder, cause);
  }
}
