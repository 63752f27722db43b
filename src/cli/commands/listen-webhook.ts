import { ownIdentity } from "../../core/process-identity.js";
import type { CliIo } from "../io.js";

/** What `--configure` needs to know. */
export interface BorrowOptions {
  region: string;
  /** Where Konnect reaches the receiver. */
  endpoint: string;
  authorization: string;
  logFormat: string;
  skipTlsVerification: boolean;
  takeOver: boolean;
}

/** Lends the receiver a region's webhook while the work lasts. */
export async function withBorrowedWebhook(
  options: BorrowOptions,
  io: CliIo,
  work: () => Promise<void>,
): Promise<void> {
  const { region, takeOver } = options;
  const webhooks = await import("../../receiver/borrowed-webhooks.js");
  const { borrowWebhook } = await import("../../receiver/session.js");
  const notes = webhooks.SessionNotes.ofUser(io.env);
  const sessionId = webhooks.newSessionId();
  const endpoint = webhooks.markEndpoint(options.endpoint, sessionId);
  const startedAt = new Date(io.clock.now()).toISOString();
  await withConnection(io, async (client) => {
    const { pid, began } = await ownIdentity();
    await notes.write(sessionId, {
      region,
      process_id: pid,
      process_began: began,
      started_at: startedAt,
    });
    try {
      const { signal, cleanUps } = io;
      const session = await borrowWebhook({
        client,
        region,
        endpoint,
        authorization: options.authorization,
        logFormat: options.logFormat,
        skipTlsVerification: options.skipTlsVerification,
        takeOver,
        notes,
        signal,
        cleanUps,
      });
      io.stderr.write(`The webhook of region "${region}" delivers here until the end.\n`);
      try {
        await work();
      } finally {
        io.stderr.write(`Removing the webhook of region "${region}" …\n`);
        const end = await session.release();
        io.stderr.write(
          end === "released"
            ? `The webhook of region "${region}" was removed again.\n`
            : `Somebody else has configured the webhook of region "${region}"; it was left to them.\n`,
        );
      }
    } finally {
      await notes.remove(sessionId);
    }
  });
}

/** Removes the webhook that a session has left behind. */
export async function giveBackRegion(region: string, io: CliIo): Promise<void> {
  const { SessionNotes } = await import("../../receiver/borrowed-webhooks.js");
  const { giveBackWebhook } = await import("../../receiver/session.js");
  const notes = SessionNotes.ofUser(io.env);
  await withConnection(io, async (client) => {
    const removed = await giveBackWebhook({ client, region, notes, signal: io.signal });
    io.stderr.write(
      removed
        ? `The webhook of region "${region}" was removed.\n`
        : `Region "${region}" has no webhook.\n`,
    );
  });
}

/** Somebody waits for the first event, and at the end for the prompt: a Konnect that is gone is given up soon. */
const briefLimits = {
  requestTimeout: 10_000,
  retry: { maxRetries: 2, minWait: 250, maxWait: 2_000 },
};

type Client = Awaited<ReturnType<typeof import("../connect.js").connect>>["client"];

async function withConnection(io: CliIo, work: (client: Client) => Promise<void>): Promise<void> {
  const { connect } = await import("../connect.js");
  const connection = await connect(io, "konnect-audit-listen", briefLimits);
  try {
    await work(connection.client);
  } finally {
    await connection.close();
  }
}
