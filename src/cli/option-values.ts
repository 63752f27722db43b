import { InvalidArgumentError } from "commander";
import { type DurationRange, parseDuration } from "../verifier/duration.js";

/**
 * Makes the parser of an option that takes a duration, such as `500ms`, `90s`, `10m` or `1d`.
 *
 * @param option its name, for the message
 * @param range milliseconds @default from 1 ms to seven days
 * @returns answers milliseconds, and throws a VerifierError `VERIFY_DURATION_MALFORMED` or `VERIFY_DURATION_OUT_OF_RANGE`
 */
export function durationOption(option: string, range?: DurationRange): (text: string) => number {
  return (text) => parseDuration(text, { ...range, name: option });
}

/** What a check of stacks or plans may take. */
export const checkTimeout = durationOption("--timeout", { least: 100, most: 86_400_000 });

/** Makes the parser of an option that takes a whole number: a count, a port, a severity. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,9}$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Parses a port; 0 stands for any free one. */
export const portOption = wholeNumber(0, 65_535);
