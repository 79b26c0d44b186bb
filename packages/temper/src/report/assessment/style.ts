/** What the page of an assessment adds to the style sheet of scans. */
export const assessmentStyle = `
:root{--regular:#a3123a;--minimal:#8a6100;--hardened:#1e7145;--secure:#0b5cad;--empty:#dde1e8}
@media (prefers-color-scheme:dark){:root{--regular:#ff8da6;--minimal:#e6bd4d;--hardened:#7fcf9f;--secure:#7db7f5;--empty:#323a45}}
.regular{--tone:var(--regular)}.minimal{--tone:var(--minimal)}.hardened{--tone:var(--hardened)}.secure{--tone:var(--secure)}
.error{--tone:var(--critical)}.warning{--tone:var(--medium)}.note{--tone:var(--unknown)}
.level,td.tier{color:var(--tone);font-weight:600}td.tier{white-space:nowrap;overflow-wrap:normal}
th.number{text-align:right}
.steps{margin:0;padding-left:1.4rem}.steps li{padding:.15rem 0}
.reasons,.findings{margin:0;padding-left:1.1rem}.findings{max-height:24rem;overflow:auto}
svg .empty{fill:var(--empty)}svg .this{fill:var(--secure)}svg .other{fill:var(--soft)}svg .lost{fill:var(--critical)}
@media print{.findings{max-height:none}}
`
