import { describe, expect, test } from "vitest";
import { environmentSecrets } from "../../src/core/environment-secrets.js";
import { createCleaner } from "../../src/core/foreign-text.js";

describe("secrets of an environment", () => {
  test("are the values of variables that by their name hold one", () => {
    const env = {
      KONNECT_TOKEN: "kpat_a",
      KONNECT_SPAT: " spat_a\n",
      KONNECT_AUDIT_AUTHORIZATION: "Bearer siem",
      TF_VAR_SPLUNK_HEC_TOKEN: "hec-01",
      TF_VAR_secret: "s3cret",
      TF_VAR_DATADOG_API_KEY: "dd-key",
      TF_VAR_siem_key: "siem-key",
      AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI",
      GITHUB_TOKEN: "ghs_0123456789",
      TF_VAR_siem_auth_header: "Splunk hec-02",
      TF_VAR_tokens_of_siem: "hec-03",
      TF_TOKEN_app_terraform_io: "0a1b2c3d.atlasv1",
      PGPASSWORD: "pg-s3cret",
    };
    expect(environmentSecrets(env)).toEqual(Object.values(env).map((value) => value.trim()));
  });

  test("are not words, numbers and paths of other variables", () => {
    const env = {
      PATH: "/usr/bin",
      MAX_TOKENS: "4096",
      SOME_TOKEN: "yes",
      TF_VAR_region: "eu",
      TF_VAR_sort_key: "name",
      CACHE_KEY: "node-modules-linux",
      KONNECT_TOKEN: " ",
      KONNECT_SPAT: undefined,
      TOKEN_FILE: "/run/secrets/token",
    };
    expect(environmentSecrets(env)).toEqual([]);
  });

  test("are user and password of a proxy, as given, decoded and as its header carries them", () => {
    const clean = createCleaner(
      environmentSecrets({ https_proxy: "http://proxy-user:p%40ssw0rd@proxy.example.com:3128" }),
    );
    const header = Buffer.from("proxy-user:p@ssw0rd").toString("base64");
    expect(clean(`proxy-user; in words p@ssw0rd; in words p%40ssw0rd; in words ${header}.`)).toBe(
      "***; in words ***; in words ***; in words ***.",
    );
    expect(environmentSecrets({ HTTPS_PROXY: "u:%zz@proxy:1" })).toContain("%zz");
    expect(environmentSecrets({ HTTPS_PROXY: "http://proxy.example.com:3128" })).toEqual([]);
  });

  test("are the password of the state's backend, not its user", () => {
    const clean = createCleaner(
      environmentSecrets({
        PG_CONN_STR: "postgres://postgres:st%40te-pw@db.example.com/state",
        TF_HTTP_ADDRESS: "https://ci:http-pw-01@state.example.com/audit",
      }),
    );
    expect(clean("postgres: no st@te-pw, st%40te-pw; ci: http-pw-01")).toBe(
      "postgres: no ***, ***; ci: ***",
    );
  });
});
