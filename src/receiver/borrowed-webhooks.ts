import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseJson } from "../core/json.js";

/** The query parameter that tells a webhook which a receiver has borrowed from all others. */
const marker = "konnect-audit-listen";

/** An id for a session: what the next start recognises it by. */
export function newSessionId(): string {
  return randomBytes(8).toString("hex");
}

/** The endpoint of a borrowed webhook: where Konnect reaches the receiver, with the session's id. */
export function markEndpoint(endpoint: string, sessionId: string): string {
  const url = new URL(endpoint);
  url.searchParams.set(marker, sessionId);
  return url.href;
}

/** The id of the session that has set an endpoint; `undefined` when it was set by somebody else. */
export function sessionOfEndpoint(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const id = new URL(endpoint).searchParams.get(marker);
  return id !== null && /^[0-9a-f]{16}$/.test(id) ? id : undefined;
}

const noteSchema = z.object({
  region: z.string(),
  process_id: z.int().positive(),
  /** When the process began, as the kernel counts; notes of older versions have none. */
  process_began: z.string().nullable().default(null),
  started_at: z.string(),
});

/** What a session has noted of itself. */
export type SessionNote = z.output<typeof noteSchema>;

/** Notes of the sessions of this machine's user, one file each. Nothing depends on them but what a message says. */
export class SessionNotes {
  readonly #folder: string | undefined;

  /** @param folder `undefined`: nothing is noted */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Where XDG keeps the state of programs. */
  static ofUser(env: Readonly<Record<string, string | undefined>>): SessionNotes {
    const state = env.XDG_STATE_HOME || (env.HOME && join(env.HOME, ".local", "state"));
    return new SessionNotes(state ? join(state, "konnect-audit", "listen") : undefined);
  }

  async write(sessionId: string, note: SessionNote): Promise<void> {
    if (this.#folder === undefined) return;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(this.#pathOf(sessionId), `${JSON.stringify(note)}\n`, { mode: 0o600 });
    } catch {
      // A read-only home: the marker in the endpoint has to do.
    }
  }

  async read(sessionId: string): Promise<SessionNote | undefined> {
    if (this.#folder === undefined) return undefined;
    const text = await readFile(this.#pathOf(sessionId), "utf8").catch(() => "");
    return noteSchema.safeParse(parseJson(text)).data;
  }

  async remove(sessionId: string): Promise<void> {
    if (this.#folder === undefined) return;
    await rm(this.#pathOf(sessionId), { force: true }).catch(() => undefined);
  }

  #pathOf(sessionId: string): string {
    return join(this.#folder ?? "", `${sessionId}.json`);
  }
}
