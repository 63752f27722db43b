import pc from "picocolors";
import { describeAnswer } from "../attempt.js";
import type { Health, HealthReport, RegionHealth } from "../status-report.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const width = 80;
const healthWidth = "unconfigured".length;
const timeWidth = "2026-11-22 10:00:00Z".length;
const gap = "  ";

/** The webhooks' health as a table of at most 80 columns, and below a row what to do. */
export function renderHealth(
  { regions }: HealthReport,
  colors: Colors = pc.createColors(false),
): string {
  const regionWidth = Math.max(6, ...regions.map(({ region }) => region.length));
  const row = (region: string, health: string, time: string, answer: string) =>
    [region.padEnd(regionWidth), health.padEnd(healthWidth), time.padEnd(timeWidth), answer].join(
      gap,
    );
  const answerWidth = Math.max(16, width - row("", "", "", "").length);
  const lines = regions.flatMap((region) => {
    const [answer = "", ...more] = wrap(answerOf(region), answerWidth);
    const first = row(region.region, region.health, timeOf(region), answer).trimEnd();
    return [
      first.replace(region.health, paint(region.health, colors)),
      ...more.map((line) => row("", "", "", line)),
      ...details(region, regionWidth + gap.length, colors),
    ];
  });
  return [colors.bold(row("REGION", "WEBHOOK", "LAST ATTEMPT", "ANSWER")), ...lines].join("\n");
}

function answerOf({ last_attempt: attempt, error }: RegionHealth): string {
  if (error) return error.code;
  if (!attempt) return "-";
  const { response_code: responseCode, response_message: responseMessage } = attempt;
  return describeAnswer({ responseCode, responseMessage });
}

function timeOf({ last_attempt: attempt, error }: RegionHealth): string {
  if (error) return "";
  return attempt ? attempt.at.replace("T", " ").replace(/\.\d+/, "") : "never";
}

function details(region: RegionHealth, indent: number, colors: Colors): string[] {
  const inset = " ".repeat(indent);
  const { error, endpoint, log_format: format, hint } = region;
  return [
    ...(error ? [error.message] : []),
    ...(endpoint ? [`${endpoint} (${format})`] : []),
    ...(hint ? [`Fix: ${hint}`] : []),
  ]
    .flatMap((paragraph) => wrap(paragraph, width - indent))
    .map((line) => colors.dim(`${inset}${line}`));
}

function paint(health: Health, colors: Colors): string {
  if (health === "healthy") return colors.green(health);
  return health === "failing" || health === "error" ? colors.red(health) : colors.yellow(health);
}
