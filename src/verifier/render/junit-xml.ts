import { escapeMarkup } from "./escape.js";

/** A check as CI systems show it; without an outcome it passed. */
export interface JUnitCase {
  classname: string;
  name: string;
  milliseconds?: number;
  outcome?: JUnitOutcome;
}

/** Why a check did not pass. */
export interface JUnitOutcome {
  element: "failure" | "error" | "skipped";
  message: string;
  /** What kind of failure it is. */
  type?: string;
  /** What follows in full below the message. */
  text: string;
}

/** Checks that belong together. */
export interface JUnitSuite {
  name: string;
  cases: readonly JUnitCase[];
  milliseconds?: number;
  /** ISO 8601. */
  timestamp?: string;
  /** Lines that belong to all cases. */
  output?: readonly string[];
}

/** Test results as JUnit XML, which CI systems read. */
export function renderJUnitXml(name: string, suites: readonly JUnitSuite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name })}>`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

function suiteLines(suite: JUnitSuite): string[] {
  const { name, cases, milliseconds, timestamp, output = [] } = suite;
  const count = (element: JUnitOutcome["element"]) =>
    cases.filter(({ outcome }) => outcome?.element === element).length;
  const totals = attributes({
    name,
    tests: cases.length,
    failures: count("failure"),
    errors: count("error"),
    skipped: count("skipped"),
    time: seconds(milliseconds),
    timestamp,
  });
  const told = output.map(escapeMarkup).join("\n");
  return [
    `  <testsuite ${totals}>`,
    ...cases.flatMap(caseLines),
    ...(told ? [`    <system-out>${told}</system-out>`] : []),
    "  </testsuite>",
  ];
}

function caseLines({ classname, name, milliseconds, outcome }: JUnitCase): string[] {
  const named = attributes({ classname, name, time: seconds(milliseconds) });
  if (!outcome) return [`    <testcase ${named}/>`];
  const { element, message, type, text } = outcome;
  return [
    `    <testcase ${named}>`,
    `      <${element} ${attributes({ type, message })}>${escapeMarkup(text)}</${element}>`,
    "    </testcase>",
  ];
}

function seconds(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : (milliseconds / 1000).toFixed(3);
}

/** Those that are not there are left out. */
function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${escapeMarkup(String(value))}"`],
    )
    .join(" ");
}
