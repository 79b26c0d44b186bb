/** The page's style sheet: light and dark, wide and narrow, on paper. Colours keep a contrast of 4.5 to 1 (WCAG 2.2 AA). */
export const style = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1a1f27;--soft:#586273;--hairline:#dde1e8;--link:#0b5cad;
--critical:#a3123a;--high:#c2410c;--medium:#8a6100;--low:#2f6f4f;--negligible:#5b6472;--unknown:#5b6472;
--good:#1e7145;--bad:#a3123a;--goodbg:#e5f4ea;--badbg:#fbe7ec;--plainbg:#eceff3}
@media (prefers-color-scheme:dark){:root{--page:#12151a;--card:#1b2027;--ink:#e8ebf0;--soft:#a3adba;--hairline:#323a45;--link:#7db7f5;
--critical:#ff7d9a;--high:#ff9a62;--medium:#e6bd4d;--low:#7fcf9f;--negligible:#a3adba;--unknown:#a3adba;
--good:#7fcf9f;--bad:#ff8da6;--goodbg:#17352a;--badbg:#43202b;--plainbg:#2a313b}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main,header.page,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header.page{padding-top:1.5rem}
h1{font-size:1.05rem;margin:0;color:var(--soft);font-weight:600}
h2{font-size:1.45rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:0 0 .75rem}
a{color:var(--link)}
code,.mono{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.charts svg{max-width:34rem}
.target{margin:1rem 0 2.5rem}
.head{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
.facts{color:var(--soft);margin:.4rem 0 1rem;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem}
.badge{border-radius:1rem;padding:.15rem .8rem;font-weight:600;font-size:.9rem;white-space:nowrap}
.badge.good{background:var(--goodbg);color:var(--good)}
.badge.bad{background:var(--badbg);color:var(--bad)}
.badge.plain{background:var(--plainbg);color:var(--ink)}
.card{background:var(--card);border:1px solid var(--hairline);border-radius:.6rem;padding:1.1rem 1.25rem;margin:0 0 1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:0 0 1rem;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--hairline);border-top:.25rem solid var(--tone,var(--hairline));border-radius:.6rem;padding:.6rem .9rem}
.tiles b{display:block;font-size:1.6rem;line-height:1.2;color:var(--tone,var(--ink));font-variant-numeric:tabular-nums}
.tiles span{color:var(--soft);font-size:.9rem}
.tiles li.zero b{color:var(--soft);font-weight:500}.tiles li.zero{border-top-color:var(--hairline)}
.critical{--tone:var(--critical)}.high{--tone:var(--high)}.medium{--tone:var(--medium)}.low{--tone:var(--low)}.negligible{--tone:var(--negligible)}.unknown{--tone:var(--unknown)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem;margin-bottom:1rem}
.charts .card{margin:0}
svg{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
svg text{fill:var(--soft)}svg .value{fill:var(--ink);font-weight:600}
svg .axis{stroke:var(--hairline);stroke-width:1}
svg .bar{fill:var(--tone)}svg .rest{fill:var(--tone);opacity:.35}
svg .dot{fill:var(--tone);fill-opacity:.55;stroke:var(--tone)}svg .dot.kev{stroke:var(--ink);stroke-width:2}
.key{color:var(--soft);font-size:.85rem;margin:.6rem 0 0}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;font-size:1.05rem;padding:0 0 .6rem}
th,td{overflow-wrap:anywhere;text-align:left;vertical-align:top;padding:.5rem .6rem;border-top:1px solid var(--hairline)}
thead th{border-top:0;color:var(--soft);font-size:.85rem;font-weight:600;white-space:nowrap}
th button{all:unset;cursor:pointer;font:inherit}th button:focus-visible{outline:2px solid var(--link)}
th[aria-sort=ascending] button::after{content:" \\2191"}th[aria-sort=descending] button::after{content:" \\2193"}
table.wide tbody th a.mono{white-space:nowrap}
@media (min-width:72.01rem){td.mono,tbody th{min-width:7.8rem}td[data-label=Package]{min-width:9rem}td[data-label=Severity],td[data-label=Priority],td[data-label=CVSS],td[data-label=EPSS]{white-space:nowrap}td[data-label=Why],td[data-label=Removes],td[data-label=Findings]:not(.number){min-width:14rem}}
td.number,thead th.number{text-align:right;font-variant-numeric:tabular-nums}
.sev{color:var(--tone);font-weight:600}
.sev.unknown,.sev.negligible{font-weight:400}
.kevmark{background:var(--badbg);color:var(--bad);border-radius:.3rem;padding:0 .35rem;font-size:.8rem;font-weight:700}
.soft{color:var(--soft)}
.chips{margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:.15rem .9rem}
.violations{margin:0;padding:0;list-style:none}
.violations>li{padding:.6rem 0;border-top:1px solid var(--hairline)}.violations>li:first-child{border-top:0;padding-top:0}.violations>li:last-child{padding-bottom:0}
details{border-top:1px solid var(--hairline);padding:.6rem 0}details:first-of-type{border-top:0;padding-top:0}details:last-child{padding-bottom:0}
summary{cursor:pointer;font-weight:600}
details>table,details>ul,details>p{margin-top:.6rem}
.filters{display:none;flex-wrap:wrap;gap:.6rem 1rem;margin:0 0 .8rem;align-items:center}
.scripted .filters{display:flex}
.filters input[type=search]{flex:1 1 14rem}
.filters input[type=search],.filters select{font:inherit;color:inherit;background:var(--page);border:1px solid var(--hairline);border-radius:.4rem;padding:.35rem .6rem}
.clean{text-align:center;padding:2.2rem 1.25rem}
.clean svg{width:4rem;margin:0 auto .8rem}.clean p{margin:.2rem 0}.clean .big{font-size:1.2rem;font-weight:600}
.clean .ring{fill:none;stroke:var(--good);stroke-width:4}
footer{color:var(--soft);padding-bottom:2.5rem;font-size:.9rem}
[hidden]{display:none!important}
@media (max-width:72rem){
main,header.page,footer{padding-left:.8rem;padding-right:.8rem}.card{padding:.9rem}
table.wide thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table.wide,table.wide caption,table.wide tbody,table.wide tr,table.wide td,table.wide th{display:block}
table.wide tr{border-top:1px solid var(--hairline);padding:.6rem 0}table.wide td,table.wide th{border:0;padding:.1rem 0;text-align:left}
table.wide td:empty{display:none}table.wide td,table.wide th{overflow-wrap:anywhere}table.wide tbody>tr:first-child{border-top:0;padding-top:0}
table.wide td[data-label]::before{content:attr(data-label) ": ";color:var(--soft);font-weight:400}
}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--hairline:#bbb;--link:#000;
--critical:#a3123a;--high:#b03a08;--medium:#7a5600;--low:#2f6f4f;--negligible:#555;--unknown:#555;--good:#1e7145;--bad:#a3123a;--goodbg:#fff;--badbg:#fff;--plainbg:#fff}
body{font-size:11px}.card,.tiles li,tr,.violations li{break-inside:avoid}.filters{display:none!important}.badge,.kevmark{border:1px solid currentColor}
details::details-content{content-visibility:visible;height:auto}}
`
