/** Style of the report page: system fonts, light and dark by the reader's setting, contrast of at least 4.5 : 1. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1b1f24; --faint: #57606a; --line: #d0d7de; --page: #fff; --good: #116329; --bad: #a40e26; --open: #7d4e00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --faint: #9aa4af; --line: #3d444d; --page: #0d1117; --good: #56d364; --bad: #ff7b72; --open: #e3b341; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--faint); padding-block: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; }
tbody { border-top: 1px solid var(--line); }
.more td { padding-top: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.passed { color: var(--good); }
.failed { color: var(--bad); }
.error { color: var(--open); }
td.passed, td.failed, td.error { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 0 .5rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
svg { display: block; max-width: none; }
svg path, svg line { stroke: currentColor; stroke-width: 1.5; }
@media print { details > ol { display: block; } }
`;
