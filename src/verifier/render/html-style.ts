/** Style of report pages: system fonts, light and dark by the reader's setting, contrast of at least 4.5 : 1. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --faint: #57606a; --line: #d8dee4; --page: #f6f8fa; --card: #fff;
  --good: #116329; --bad: #a40e26; --open: #7d4e00;
  --good-wash: #e6f4ea; --bad-wash: #fdecee; --open-wash: #fdf3e1;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --faint: #9aa4af; --line: #30363d; --page: #0d1117; --card: #151b23;
    --good: #56d364; --bad: #ff7b72; --open: #e3b341;
    --good-wash: #12261a; --bad-wash: #2d1517; --open-wash: #2a2111;
  }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0; }
main { max-width: 80rem; margin: 0 auto; padding: 2rem 1.5rem; }
h1 { font-size: 1rem; font-weight: 600; color: var(--faint); margin: 0; }
h2 { font-size: 1.125rem; margin: 2rem 0 .75rem; }
.passed { --tone: var(--good); --wash: var(--good-wash); }
.failed { --tone: var(--bad); --wash: var(--bad-wash); }
.error { --tone: var(--open); --wash: var(--open-wash); }
header p, header ul { margin: 0; }
.headline { font-size: 1.625rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; color: var(--tone); }
.badges { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; margin: .75rem 0; }
.badge { display: inline-block; white-space: nowrap; font-weight: 600; color: var(--tone); background: var(--wash); border-radius: 1rem; padding: .125rem .75rem; }
.facts, .legend { color: var(--faint); font-size: .875rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 1.5rem 0 .75rem; }
.legend li { display: flex; align-items: center; gap: .25rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: middle; padding: .75rem 1.25rem; }
thead th { color: var(--faint); font-size: .875rem; vertical-align: bottom; padding-bottom: .5rem; }
tbody { border-top: 1px solid var(--line); }
tbody th { font-size: 1.125rem; }
.more td { padding-top: 0; }
.more td > div { position: sticky; left: 1.25rem; max-width: min(76rem, calc(100vw - 5.75rem)); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.timeline { width: 36%; min-width: 18rem; padding-right: 2rem; }
td.timeline { padding-right: 2rem; }
.when { color: var(--faint); font-variant-numeric: tabular-nums; white-space: nowrap; text-align: right; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .25rem 1rem; margin: 0 0 .5rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.values th, .values td { vertical-align: top; }
.values th { font-size: 1rem; }
.values .long { overflow-wrap: anywhere; min-width: 10rem; }
.values tr + tr td { padding-top: 0; }
pre { font: .8125rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0; }
.error dl, .failed dl { border-left: .1875rem solid var(--tone); padding-left: 1rem; }
details dl { border: 0 !important; padding: 0 !important; }
code { font: .875em ui-monospace, monospace; }
summary { cursor: pointer; width: fit-content; color: var(--faint); font-size: .875rem; }
details ol { list-style: none; margin: .5rem 0; padding: 0; display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; }
details ol > li { display: contents; }
details ol > li > :last-child { overflow-wrap: anywhere; }
details dl { margin: .5rem 0 0; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
svg { display: block; overflow: visible; flex: none; color: var(--tone, currentColor); }
svg path, svg line { stroke: currentColor; stroke-width: 1.5; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .hollow { fill: var(--card); }
.legend svg .hollow { fill: var(--page); }
.axis text { fill: var(--faint); font-size: .75rem; font-weight: 400; font-variant-numeric: tabular-nums; }
@media (max-width: 40rem) {
  main { padding: 1rem .75rem; }
  th, td { padding: .5rem .75rem; }
  .more td > div { left: .75rem; max-width: calc(100vw - 3.25rem); }
  .more dl { grid-template-columns: 1fr; gap: 0; }
  .more dd { margin-bottom: .5rem; }
}
@media print {
  :root { --page: #fff; }
  main { padding: 0; max-width: none; }
  .scroll { overflow: visible; }
  tbody { break-inside: avoid; }
  th, td { padding: .375rem .5rem; }
  th.timeline { min-width: 10rem; }
  .more td > div { max-width: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
