import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { renderDriftJUnit } from "../../src/gitops/render/drift-junit.js";
import { renderJUnit } from "../../src/verifier/render/junit.js";
import { realisticReport } from "../verifier/realistic-report.js";
import { realisticDrift } from "./realistic-drift.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";

/** What libxml2 finds wrong with a document by the schema in the docs. */
async function problemsOf(contents: string): Promise<string[]> {
  const schema = await readFile(new URL("../../docs/schemas/junit.xsd", import.meta.url), "utf8");
  const { errors } = await validateXML({ xml: [{ fileName: "report.xml", contents }], schema });
  return errors.map(({ message }) => message);
}

describe("JUnit XML by its schema, checked by libxml2", () => {
  const hostile = "</testcase>&\"'<![CDATA[\u0000\ud800\uffff]]>\n\t😀";
  const finding = sampleFinding({ region: hostile, field: hostile, actual: hostile });
  const stack = sampleStack({
    ...{ stack: hostile, findings: [finding] },
    ignored: [{ ...finding, kind: "pending", reason: hostile, expires: "2027-01-31" }],
  });

  test.each([
    ["of a drift check", renderDriftJUnit(realisticDrift())],
    ["of a drift check of nothing", renderDriftJUnit(sampleDrift({ stacks: [] }))],
    ["of hostile values", renderDriftJUnit(sampleDrift({ stacks: [stack] }))],
    ["of a verification", renderJUnit(realisticReport())],
  ])("%s is valid", async (_, xml) => {
    await expect(problemsOf(xml)).resolves.toEqual([]);
  });

  test.each([
    ["that is no JUnit XML", "<report/>"],
    ["that is cut off", renderDriftJUnit(realisticDrift()).slice(0, -20)],
    [
      "with a case that lost its name",
      renderDriftJUnit(realisticDrift()).replace(/ name="region[^"]*"/, ""),
    ],
    [
      "with a count that is none",
      renderDriftJUnit(realisticDrift()).replace('tests="', 'tests="many'),
    ],
  ])("one %s is not", async (_, xml) => {
    await expect(problemsOf(xml)).resolves.not.toEqual([]);
  });
});
