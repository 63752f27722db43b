import pc from "picocolors";
import { describeAnswer } from "../attempt.js";
import { cleanReport } from "../clean-report.js";
import { describeErrorCode } from "../describe.js";
import { formatAge } from "../duration.js";
import type { HealthReport, RegionHealth, ReportedHealth } from "../status-report.js";
import { sharedHints } from "./shared-hints.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const width = 80;
const healthWidth = "unconfigured".length;
const gap = "  ";

/** The webhooks' health as a table of at most 80 columns, and below a row what to do. */
export function renderHealth(given: HealthReport, colors: Colors = pc.createColors(false)): string {
  const report = cleanReport(given);
  const { regions, left_out: leftOut = [], warnings = [] } = report;
  const regionWidth = Math.max(6, ...[...regions, ...leftOut].map(({ region }) => region.length));
  const timeWidth = Math.max(
    "2026-11-22 10:00:00Z".length,
    ...regions.map((region) => timeOf(region).length),
  );
  const row = ([region, health, time, answer]: readonly [string, string, string, string]) =>
    [region.padEnd(regionWidth), health.padEnd(healthWidth), time.padEnd(timeWidth), answer]
      .join(gap)
      .trimEnd();
  const answerWidth = Math.max(16, width - regionWidth - healthWidth - timeWidth - 3 * gap.length);
  const shared = sharedHints(regions);
  const lines = regions.flatMap((region) => {
    const [answer = "", ...more] = wrap(answerOf(region), answerWidth);
    const first = row([region.region, region.health, timeOf(region), answer]);
    return [
      first.replace(region.health, paint(region.health, colors)),
      ...more.map((line) => row(["", "", "", line])),
      ...details(region, { indent: regionWidth + gap.length, shared, colors }),
    ];
  });
  return [
    ...warnings.flatMap((warning) => wrap(`Warning: ${warning}`, width)).map(colors.yellow),
    colors.bold(row(["REGION", "WEBHOOK", "LAST ATTEMPT", "ANSWER"])),
    ...lines,
    ...leftOut.flatMap(({ region, text }) => wrap(`${region}: ${text}`, width)),
    ...[...shared].flatMap(([hint, names]) => wrap(`Fix for ${names.join(", ")}: ${hint}`, width)),
    ...(report.read_at ? [`Read at ${report.read_at}.`] : []),
  ].join("\n");
}

function answerOf({ last_attempt: attempt, error }: RegionHealth): string {
  if (error) return describeErrorCode(error.code);
  if (!attempt) return "-";
  const { response_code: responseCode, response_message: responseMessage } = attempt;
  return describeAnswer({ responseCode, responseMessage });
}

function timeOf(region: RegionHealth): string {
  const { last_attempt: attempt, last_attempt_age_ms: age, error } = region;
  if (error) return "";
  if (!attempt) return "never";
  const time = attempt.at.replace("T", " ").replace(/\.\d+/, "");
  return age === null || age === undefined ? time : `${time} (${formatAge(age)} ago)`;
}

interface Detailed {
  indent: number;
  /** Hints of several regions, which are said once below the table. */
  shared: ReadonlyMap<string, readonly string[]>;
  colors: Colors;
}

function details(region: RegionHealth, { indent, shared, colors }: Detailed): string[] {
  const { error, endpoint, log_format: format, hint } = region;
  const inset = " ".repeat(indent);
  const indented = (paragraph: string) =>
    wrap(paragraph, width - indent).map((line) => `${inset}${line}`);
  return [
    ...(error ? indented(error.message) : []).map(colors.dim),
    ...(endpoint ? indented(`${endpoint} (${format})`) : []).map(colors.dim),
    // Not dimmed: it is what a reader needs most.
    ...(hint && !shared.has(hint) ? indented(`Fix: ${hint}`) : []),
  ];
}

function paint(health: ReportedHealth, colors: Colors): string {
  if (health === "healthy") return colors.green(health);
  return health === "failing" || health === "error" ? colors.red(health) : colors.yellow(health);
}
