import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { deleteDestination } from "../../src/provider/destination-removal.js";
import { DiagnosticError } from "../../src/terraform/index.js";
import { createFakeClock } from "../support/fake-clock.js";
import { createCall } from "./support.js";

async function createBoundDestination() {
  const emulator = await startEmulator();
  const { serverUrl } = emulator;
  const konnect = createKonnectClient({
    ...{ token: "kpat_x", serverUrl, retry: { maxRetries: 0 } },
  });
  const { body } = await konnect.createDestination({
    ...{ name: "siem", endpoint: "https://siem.example.com/in", authorization: "Bearer x" },
    ...{ log_format: "cef", skip_ssl_verification: false },
  });
  return {
    ...{ emulator, konnect, destination: body },
    bind: (region: string) =>
      konnect.updateBinding(region, { audit_log_destination_id: body.id, enabled: false }),
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}

describe("the removal of a destination that is in use", () => {
  test("is tried for a minute with growing pauses, and then says which regions hold it", async () => {
    await using stage = await createBoundDestination();
    const { emulator, konnect, destination } = stage;
    await stage.bind("eu");
    await stage.bind("sg");
    emulator.faults.add({ region: "au", effect: { kind: "status", status: 403 } });
    const clock = createFakeClock();
    const removal = deleteDestination({ ...createCall(konnect, clock), state: destination });
    const error = await removal.catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(DiagnosticError);
    const { summary, detail } = error as DiagnosticError;
    expect(summary).toBe('The destination "siem" is in use');
    expect(detail).toContain('The webhook of regions "eu", "sg" is bound to it.');
    expect(detail).toContain('Not to be asked: region "au".');
    expect(clock.slept.slice(0, 7)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    const waited = clock.slept.reduce((sum, each) => sum + each, 0);
    expect(waited).toBeLessThanOrEqual(60_000);
    expect(waited).toBeGreaterThan(50_000);
    expect(await konnect.getDestination(destination.id)).toBeDefined();
  });

  test("says that a portal may hold it when no region does", async () => {
    await using stage = await createBoundDestination();
    const { konnect, destination } = stage;
    await konnect.updatePortalWebhook("eu", "d32d905a-ed33-46a3-a093-d8f536af9a8a", {
      audit_log_destination_id: destination.id,
    });
    const call = createCall(konnect, createFakeClock());
    await expect(deleteDestination({ ...call, state: destination })).rejects.toThrow(
      /a Dev Portal's webhook may be/,
    );
  });

  test("works as soon as the webhook lets go, and when there is none any more", async () => {
    await using stage = await createBoundDestination();
    const { konnect, destination } = stage;
    await stage.bind("eu");
    const clock = createFakeClock();
    const releasing = {
      ...clock,
      async sleep(milliseconds: number) {
        await clock.sleep(milliseconds);
        if (clock.slept.length === 3) await konnect.deleteWebhook("eu");
      },
    };
    const call = createCall(konnect, releasing);
    await deleteDestination({ ...call, state: destination });
    expect(clock.slept).toEqual([250, 500, 1000]);
    expect(await konnect.getDestination(destination.id)).toBeUndefined();
    await deleteDestination({ ...call, state: destination });
  });

  test("fails at once with any other error", async () => {
    await using stage = await createBoundDestination();
    const { emulator, konnect, destination } = stage;
    emulator.faults.add({ effect: { kind: "status", status: 403 } });
    const clock = createFakeClock();
    const removal = deleteDestination({ ...createCall(konnect, clock), state: destination });
    await expect(removal).rejects.toMatchObject({ code: "KONNECT_FORBIDDEN" });
    expect(clock.slept).toEqual([]);
  });
});
