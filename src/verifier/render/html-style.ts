/** Style of the report page: system fonts, light and dark by the reader's setting, contrast of at least 4.5 : 1. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --text: #1b1f24; --faint: #57606a; --line: #d0d7de; --page: #f6f8fa; --card: #fff;
  --good: #116329; --bad: #a40e26; --open: #7d4e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --faint: #9aa4af; --line: #3d444d; --page: #0d1117; --card: #151b23;
    --good: #56d364; --bad: #ff7b72; --open: #e3b341;
  }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
.passed { --tone: var(--good); }
.failed { --tone: var(--bad); }
.error { --tone: var(--open); }
.summary { background: var(--card); border: 1px solid var(--line); border-left: .375rem solid var(--tone); border-radius: .5rem; padding: .75rem 1rem; margin-bottom: 1rem; }
.summary p { margin: 0; }
.summary strong { color: var(--tone); font-size: 1.125rem; }
.summary p + p, .legend { color: var(--faint); font-size: .875rem; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0 0 .75rem; }
.legend li { display: flex; align-items: center; gap: .25rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .625rem 1rem; }
thead th { color: var(--faint); font-size: .875rem; }
tbody { border-top: 1px solid var(--line); }
.more td { padding-top: 0; }
.more td > div { position: sticky; left: 1rem; max-width: min(70rem, calc(100vw - 5.25rem)); }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict { display: inline-block; white-space: nowrap; font-weight: 600; color: var(--tone); }
.when { color: var(--faint); font-variant-numeric: tabular-nums; white-space: nowrap; }
dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .25rem 1rem; margin: 0 0 .5rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .875em ui-monospace, monospace; }
summary { cursor: pointer; width: fit-content; color: var(--faint); font-size: .875rem; }
details ol { list-style: none; margin: .5rem 0; padding: 0; display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem; }
details li { display: contents; }
details li > :last-child { overflow-wrap: anywhere; }
details dl { margin: .5rem 0 0; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
svg { display: block; max-width: none; flex: none; color: var(--tone, currentColor); }
svg path, svg line { stroke: currentColor; stroke-width: 1.5; }
svg .track { stroke: var(--line); }
@media (max-width: 40rem) {
  main { padding: .75rem; }
  th, td { padding: .5rem .75rem; }
  .more td > div { left: .75rem; max-width: calc(100vw - 3.25rem); }
  .more dl { grid-template-columns: 1fr; gap: 0; }
  .more dd { margin-bottom: .5rem; }
}
@media print { .scroll { overflow: visible; } }
`;
