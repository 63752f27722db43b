import type { ServerHttp2Session } from "node:http2";

/** How long a provider waits for Terraform before it ends, in milliseconds. */
export const patience = {
  /** go-plugin gives up on a plugin after a minute. */
  firstConnection: 60_000,
  /** Terraform makes one connection and closes it only when it is gone. */
  afterLastSession: 250,
} as const;

/**
 * Ends the process when nobody can need it any more: no one connected in time, or the last session
 * closed. A Terraform that was killed tells its providers nothing else.
 *
 * @returns what has to be told of each session
 */
export function endWithTerraform(
  end: (reason: string) => void,
): (session: ServerHttp2Session) => void {
  const sessions = new Set<ServerHttp2Session>();
  let timer = setTimeout(() => end("nobody connected"), patience.firstConnection);
  return (session) => {
    clearTimeout(timer);
    sessions.add(session);
    session.once("close", () => {
      sessions.delete(session);
      if (sessions.size > 0) return;
      timer = setTimeout(() => end("Terraform is gone"), patience.afterLastSession);
    });
  };
}
