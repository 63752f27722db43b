/** What was found out about a region's webhook. */
export const verdictNames = [
  "delivered",
  "accepting",
  "retrying",
  "failing",
  "refused",
  "silent",
  "unverifiable",
  "misconfigured",
  "disabled",
  "unconfigured",
] as const;

export type Verdict = (typeof verdictNames)[number];

/** The least evidence that counts as proof, from weak to strong. */
export const evidenceLevels = ["status", "receiver", "signature"] as const;

export type EvidenceLevel = (typeof evidenceLevels)[number];

/** What each verdict means, in one sentence. */
export const verdictMeanings: Readonly<Record<Verdict, string>> = {
  delivered: "The probe's event was found at the receiver.",
  accepting:
    "The endpoint accepted a delivery after the probe; other events of the organisation may have caused it.",
  retrying: "Deliveries fail at present and Konnect is still repeating them.",
  failing: "Deliveries fail and Konnect has given up on them; a replay job can bring them back.",
  refused: "The endpoint refused a delivery in a way that Konnect does not repeat.",
  silent: "Konnect tried no delivery after the probe until the deadline.",
  unverifiable: "The probe's event arrived, but its signature does not prove that it is genuine.",
  misconfigured: "The webhook is not configured as expected.",
  disabled: "The webhook is configured but turned off.",
  unconfigured: "The region has no webhook.",
};

/** The evidence that a verdict stands on; `undefined` for one that proves no delivery at all. */
export function evidenceOf(verdict: Verdict, signed: boolean): EvidenceLevel | undefined {
  if (verdict === "accepting") return "status";
  if (verdict === "delivered") return signed ? "signature" : "receiver";
  return undefined;
}

/** Says whether evidence is at least as strong as the level that is asked for. */
export function satisfies(evidence: EvidenceLevel | undefined, required: EvidenceLevel): boolean {
  return (
    evidence !== undefined && evidenceLevels.indexOf(evidence) >= evidenceLevels.indexOf(required)
  );
}

/** The levels at which a verdict is proof enough, with a signature that verifies or without one. */
export function levelsProvenBy(verdict: Verdict, signed: boolean): EvidenceLevel[] {
  const evidence = evidenceOf(verdict, signed);
  return evidenceLevels.filter((level) => satisfies(evidence, level));
}
