import { expect, test } from "vitest";
import { createSigningKey, formatJwks } from "../../src/events/jwks.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

test("keys of Konnect's that can't be used are told beside those that can, of every region", async () => {
  const key = createSigningKey();
  const broken = { kty: "RSA", kid: "broken" };
  await using server = await startScriptedServer(
    answers.json(200, { keys: [...formatJwks([key]).keys, broken] }),
  );
  const serverUrl = `${server.url}/{region}`;
  const { keySet } = await konnectKeys({ regions: ["eu", "us"], serverUrl })();
  expect(keySet.keys.map(({ kid }) => kid)).toEqual([key.jwk.kid, key.jwk.kid]);
  expect(keySet.rejected).toEqual([
    { kid: "broken", reason: expect.any(String) },
    { kid: "broken", reason: expect.any(String) },
  ]);
});
