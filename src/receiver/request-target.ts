/**
 * The path of a request's target, without its query: of an absolute target, as forward proxies send it, too, and with one
 * slash where there are several.
 */
export function pathOfTarget(target: string | undefined): string {
  const path =
    (target ?? "/").replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "").split(/[?#]/)[0] ?? "";
  return `/${path}`.replace(/\/{2,}/g, "/");
}
