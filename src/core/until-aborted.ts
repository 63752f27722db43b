/**
 * Waits for some work, but no longer than a signal allows.
 *
 * Work that can't be ended (a look-up of a host name, say) goes on without anybody who waits for it.
 *
 * @throws the signal's reason as soon as it aborts, else what the work throws
 */
export function untilAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
