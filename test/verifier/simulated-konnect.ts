import type { Clock } from "../../src/core/clock.js";
import { webhookAnswer, webhookStatusAnswer } from "../../src/konnect/wire.js";
import type { VerifyOptions } from "../../src/verifier/verify.js";

/** How a region of the simulated Konnect behaves; milliseconds. */
export interface SimulatedRegion {
  /** From the probe until its event is delivered, and visible in the status. */
  delivery: number;
  /** From a call until its answer. */
  latency: number;
}

/**
 * Konnect as far as a verifier sees it, in virtual time: what the emulator does with real sockets can't be measured to
 * the millisecond.
 */
export function simulateKonnect(clock: Clock, regions: Readonly<Record<string, SimulatedRegion>>) {
  const calls: { region: string; at: number }[] = [];
  const truths = new Map<string, number>();
  const answer = async <Body>(region: string, body: () => Body) => {
    calls.push({ region, at: clock.now() });
    await clock.sleep(regions[region]?.latency ?? 0);
    const date = Math.floor(clock.now() / 1000) * 1000;
    return { status: 200, date, body: body() };
  };
  const client: VerifyOptions["client"] = {
    getWebhook: (region, options) =>
      answer(region, () => {
        if (options?.userAgent && !truths.has(region)) {
          truths.set(region, clock.now() + (regions[region]?.delivery ?? 0));
        }
        return webhookAnswer.parse({ endpoint: "https://siem.example.com/in", enabled: true });
      }),
    getWebhookStatus: (region) =>
      answer(region, () => {
        const truth = truths.get(region) ?? Number.POSITIVE_INFINITY;
        const attempt =
          truth <= clock.now()
            ? { last_attempt_at: new Date(truth).toISOString(), last_response_code: 200 }
            : {};
        return webhookStatusAnswer.parse({
          ...{ webhook_enabled: true, webhook_status: "active", ...attempt },
        });
      }),
    async *getAuditLogs(region) {
      await answer(region, () => undefined);
    },
  };
  return { client, calls, truths };
}
