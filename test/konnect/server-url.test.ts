import { describe, expect, test } from "vitest";
import { chooseServerUrl, defaultServerUrl, regionBaseUrl } from "../../src/konnect/server-url.js";

describe("the server URL", () => {
  test("fills the region into its placeholder, in the host or in the path", () => {
    expect(regionBaseUrl("https://{region}.api.konghq.com", "eu")).toBe(
      "https://eu.api.konghq.com",
    );
    expect(regionBaseUrl("http://127.0.0.1:4100/{region}/", "au")).toBe("http://127.0.0.1:4100/au");
  });

  test("without a placeholder serves the region that its host names", () => {
    expect(regionBaseUrl("https://eu.api.konghq.com", "eu")).toBe("https://eu.api.konghq.com");
  });

  test("without a placeholder never serves another region, and the error names both", () => {
    expect(() => regionBaseUrl("https://eu.api.konghq.com", "us")).toThrow(
      expect.objectContaining({
        code: "KONNECT_SERVER_URL_REGION",
        message: expect.stringMatching(/"us".*https:\/\/eu\.api\.konghq\.com/),
      }),
    );
    expect(() => regionBaseUrl("http://127.0.0.1:4100", "us")).toThrow(/"us"/);
  });

  test("is shown without its path, which may hold a key", () => {
    const refused = () => regionBaseUrl("https://gate.example.com/planted-key/konnect", "us");
    expect(refused).toThrow(/https:\/\/gate\.example\.com\/\*\*\*:/);
    expect(refused).not.toThrow(/planted/);
  });

  test("is the argument, else the variable unless that is empty or blank", () => {
    const regional = "https://eu.api.konghq.com";
    expect(chooseServerUrl(null, undefined)).toBe(defaultServerUrl);
    expect(chooseServerUrl(null, " \t")).toBe(defaultServerUrl);
    expect(chooseServerUrl(null, regional)).toBe(regional);
    expect(chooseServerUrl(regional, "https://us.api.konghq.com")).toBe(regional);
    expect(() => chooseServerUrl("", regional)).toThrow(/from server_url/);
  });

  test.each([
    "konghq.com",
    "ftp://x.example",
    "http://api.example.com",
    "https://user:secret@x.example",
    "https://x.example?token=secret",
  ])("%s is refused, without showing what may be secret in it", (url) => {
    let message = "";
    try {
      chooseServerUrl(null, url);
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/server URL from KONNECT_SERVER_URL can't be used/);
    expect(message).not.toContain("secret");
  });
});
