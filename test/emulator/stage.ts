import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";
import { createFakeClock } from "../support/fake-clock.js";

export interface Answered {
  status: number;
  headers: Headers;
  /** Whatever JSON it was; the text itself when it was none. */
  body: ReturnType<typeof JSON.parse>;
}

/** An emulator with a clock whose sleeps end at once, and a client that calls it as an administrator. */
export async function startStage(options: EmulatorOptions = {}) {
  const clock = createFakeClock();
  const emulator = await startEmulator({ clock, ...options });
  return {
    emulator,
    clock,
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      callEmulator(emulator, method, path, body, headers),
    async [Symbol.asyncDispose]() {
      await emulator.close();
    },
  };
}

export async function callEmulator(
  { url }: Emulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: "Bearer kpat_stage",
      "content-type": "application/json",
      "user-agent": "stage",
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
  return {
    status: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(text) : text,
  };
}
