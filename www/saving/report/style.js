// @ts-check
/** How a report looks: on a screen light or dark as the system is, on paper light. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --background: #fff;
  --sunken: #f2f2f0;
  --line: #dcdcda;
  --text: #1c1e20;
  --muted: #5b6065;
  --right: #00649c;
  --wrong: #b2450a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #1c1e1f;
    --sunken: #262829;
    --line: #3a3e40;
    --text: #e9e9e7;
    --muted: #a4a9ad;
    --right: #6db9ee;
    --wrong: #f09a60;
  }
}
@media print {
  :root {
    color-scheme: light;
    --background: #fff;
    --sunken: #f2f2f0;
    --line: #dcdcda;
    --text: #000;
    --muted: #444;
    --right: #00649c;
    --wrong: #b2450a;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--background);
  color: var(--text);
  font:
    14px / 20px system-ui,
    sans-serif;
  font-variant-numeric: tabular-nums;
}
main {
  max-width: 800px;
  margin: 0 auto;
  padding: 32px 24px 64px;
}
h1 {
  margin: 0;
  font-size: 24px;
  line-height: 32px;
  font-weight: 600;
}
h2 {
  margin: 0 0 12px;
  font-size: 16px;
  line-height: 24px;
  font-weight: 600;
  break-after: avoid;
}
section {
  margin-top: 24px;
  padding-top: 20px;
  border-top: 1px solid var(--line);
}
p,
dl,
dd,
ul,
figure {
  margin: 0;
  padding: 0;
}
ul {
  padding-left: 20px;
}
.small,
.small p {
  color: var(--muted);
  font-size: 12px;
  line-height: 16px;
}
section > .small {
  margin: 0 0 12px;
}
section > .table-frame + .small,
section > figure + ul,
section > dl + ul {
  margin: 12px 0 0;
}

.headline {
  display: flex;
  flex-wrap: wrap;
  gap: 16px 48px;
  margin: 24px 0 16px;
}
.headline dt {
  color: var(--muted);
}
.headline dd:not(.small) {
  font-size: 32px;
  line-height: 40px;
}

.table-frame {
  overflow-x: auto;
}
table {
  width: 100%;
  border-collapse: collapse;
}
th,
td,
dd,
li {
  unicode-bidi: isolate;
}
th,
td {
  padding: 4px 16px 4px 0;
  border-bottom: 1px solid var(--line);
  font-weight: 400;
  text-align: right;
  vertical-align: top;
}
th:first-child,
.worst td:nth-child(4),
.worst th:nth-child(4) {
  text-align: left;
}
:is(th, td):last-child {
  padding-right: 0;
}
thead th {
  color: var(--muted);
  font-size: 12px;
  white-space: nowrap;
}
.numbers :is(th, td) {
  white-space: nowrap;
}
.numbers td:nth-child(3) {
  color: var(--muted);
}
.side-by-side {
  display: grid;
  grid-template-columns: minmax(0, 360px) minmax(0, 1fr);
  gap: 16px 32px;
  align-items: start;
}
.worst {
  font-size: 13px;
}
.worst :is(tbody th, td:nth-child(4)) {
  min-width: 180px;
  overflow-wrap: anywhere;
}
tr {
  break-inside: avoid;
}
:is(p, .table-frame) + p.change {
  margin-top: 16px;
}

.facts > div {
  display: grid;
  grid-template-columns: 200px minmax(0, 1fr);
  gap: 0 16px;
  padding: 4px 0;
  border-bottom: 1px solid var(--line);
}
.facts dt {
  color: var(--muted);
}
.facts dd {
  overflow-wrap: anywhere;
}
.definitions > div {
  margin-top: 12px;
  break-inside: avoid;
}
.definitions dt {
  font-weight: 600;
}
.definitions math {
  margin: 8px 0;
}

figure {
  break-inside: avoid;
}
.plot {
  display: block;
  width: 100%;
  max-width: 560px;
  height: auto;
}
.cmc-plot {
  max-width: 360px;
}
.plot .grid {
  stroke: var(--line);
}
.plot text {
  fill: var(--muted);
  font-size: 11px;
}
.plot .curve {
  fill: none;
  stroke: var(--right);
  stroke-width: 1.5;
}
.plot .point {
  fill: var(--right);
}
.same-pairs {
  fill: var(--right);
  fill-opacity: 0.25;
  stroke: var(--right);
}
.different-pairs {
  fill: var(--wrong);
  fill-opacity: 0.2;
  stroke: var(--wrong);
  stroke-dasharray: 4 2;
}
.threshold-mark {
  stroke: var(--text);
  stroke-width: 1.5;
}
.legend {
  display: flex;
  flex-wrap: wrap;
  gap: 4px 24px;
  margin-top: 4px;
}
.legend span::before {
  content: '';
  display: inline-block;
  width: 16px;
  margin-right: 8px;
  border-top: 2px solid var(--right);
  vertical-align: middle;
}
.legend .is-different::before {
  border-top: 2px dashed var(--wrong);
}
.legend .is-threshold::before {
  width: 0;
  height: 12px;
  border-top: 0;
  border-left: 2px solid var(--text);
}

@media (max-width: 600px) {
  main {
    padding: 24px 16px 48px;
  }
  .numbers tbody th {
    white-space: normal;
  }
  th,
  td {
    padding-right: 12px;
  }
  .facts > div,
  .side-by-side {
    grid-template-columns: minmax(0, 1fr);
  }
}
@page {
  margin: 18mm 15mm;
}
@media print {
  main {
    max-width: none;
    padding: 0;
  }
  body {
    font-size: 10pt;
  }
  .table-frame {
    overflow: visible;
  }
}
`;
