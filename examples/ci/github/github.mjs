// Keeps one comment, or one issue, up to date with a report of konnect-audit. Needs Node 20 and nothing else.
//
//   node github.mjs comment REPORT             on the pull request PULL_REQUEST
//   node github.mjs open-issue REPORT TITLE    opens it, or updates the one that is open
//   node github.mjs close-issue REPORT         closes it, if it is open
//
// Reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL and PULL_REQUEST. A report begins with a hidden marker, by
// which what was written before is found again.
import { readFile } from "node:fs/promises";

const { GITHUB_TOKEN, GITHUB_REPOSITORY, PULL_REQUEST } = process.env;
const api = `${process.env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${GITHUB_REPOSITORY}`;

async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${GITHUB_TOKEN}`,
      "x-github-api-version": "2022-11-28",
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (response.ok) return response;
  const { pathname } = new URL(url);
  // On one line, and not all of it: a line of a log that begins with :: would be a command.
  const said = JSON.stringify((await response.text()).slice(0, 300));
  throw new Error(`GitHub answered ${response.status} to ${method} ${pathname}: ${said}`);
}

/** The first entry of a list that carries the marker and was written by the workflow; lists come in pages. */
async function find(path, marker) {
  let url = `${api}${path}`;
  for (let pages = 0; url && pages < 100; pages++) {
    const response = await call("GET", url);
    const entries = await response.json();
    const found = entries.find(
      ({ body, user, pull_request }) =>
        body?.startsWith(marker) && user?.type === "Bot" && !pull_request,
    );
    if (found) return found;
    url = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
  }
  return undefined;
}

async function comment({ marker, body }) {
  if (!/^\d+$/.test(PULL_REQUEST ?? "")) throw new Error("PULL_REQUEST is not a number.");
  const path = `/issues/${PULL_REQUEST}/comments`;
  const before = await find(`${path}?per_page=100`, marker);
  if (before) await call("PATCH", `${api}/issues/comments/${before.id}`, { body });
  else await call("POST", `${api}${path}`, { body });
}

const openIssues = "/issues?state=open&per_page=100";

async function openIssue({ marker, body }, title) {
  if (!title) throw new Error("Name the issue's title.");
  const before = await find(openIssues, marker);
  if (before) await call("PATCH", `${api}/issues/${before.number}`, { body });
  else await call("POST", `${api}/issues`, { title, body });
}

async function closeIssue({ marker, body }) {
  const before = await find(openIssues, marker);
  if (!before) return;
  await call("PATCH", `${api}/issues/${before.number}`, {
    body,
    state: "closed",
    state_reason: "completed",
  });
}

const commands = { comment, "open-issue": openIssue, "close-issue": closeIssue };

async function main([name, file, ...rest]) {
  const command = commands[name];
  if (!command || !file)
    throw new Error(`Usage: github.mjs ${Object.keys(commands).join("|")} REPORT`);
  const body = await readFile(file, "utf8");
  const [marker] = body.split("\n");
  if (!/^<!-- konnect-audit \w+ -->$/.test(marker)) throw new Error(`${file} has no marker.`);
  await command({ marker, body }, ...rest);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
