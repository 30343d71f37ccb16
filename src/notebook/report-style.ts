/** The look of a report: a paper, in light and dark, on a phone and on paper. */
export const reportStyle: string = `
:root{color-scheme:light dark;--paper:#fffefb;--ink:#1c1e21;--soft:#5c626b;--line:#d9d9d4;--band:#f5f4ef;--link:#0072b2}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e4e5e7;--soft:#a2a8b1;--line:#383b40;--band:#1e2125;--link:#56b4e9}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:54rem;padding:3.5rem 1.5rem 5rem;font:1.0625rem/1.6 Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,serif;overflow-wrap:break-word}
h1{font-size:clamp(1.7rem,5vw,2.3rem);line-height:1.2;margin:0 0 .6rem;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.3;margin:2.8rem 0 .6rem}
p{margin:.7rem 0;hyphens:auto}
.summary{font-size:1.12rem;color:var(--soft);border-bottom:1px solid var(--line);padding-bottom:1.6rem;margin-bottom:2rem}
figure{margin:1.8rem 0}
figure img{display:block;width:100%;height:auto}
figure{overflow-x:auto}.chart{min-height:12rem}.panels{min-width:36rem}
.logitpress-table{overflow-x:auto;margin:1.4rem 0}
table{border-collapse:collapse;font:0.85rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;border-top:2px solid var(--ink);border-bottom:2px solid var(--ink)}
caption{font-size:1rem}
thead th{border-bottom:1px solid var(--ink);font-weight:600;vertical-align:bottom}
td,th{padding:.34rem .55rem}
td:first-child,th:first-child{padding-left:.2rem}
tbody tr:nth-child(even){background:var(--band)}
.logitpress-table p{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;color:var(--soft)}
pre{overflow-x:auto;background:var(--band);padding:.8rem 1rem;border-radius:4px;font-size:.85rem;line-height:1.45}
.js-plotly-plot .gtitle,.js-plotly-plot .xtitle,.js-plotly-plot .ytitle,.js-plotly-plot .x2title,.js-plotly-plot .y2title,.js-plotly-plot .x3title,.js-plotly-plot .xtick text,.js-plotly-plot .x2tick text,.js-plotly-plot .x3tick text,.js-plotly-plot .ytick text,.js-plotly-plot .y2tick text,.js-plotly-plot .y3tick text,.js-plotly-plot .legendtext,.js-plotly-plot .bartext,.js-plotly-plot .textpoint text{fill:var(--ink)!important}
.js-plotly-plot .gtitle-subtitle{fill:var(--soft)!important}
.modebar-btn path{fill:var(--soft)!important}
@media (max-width:40rem){body{padding:1.6rem 1rem 3rem;font-size:1rem}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--band:#f6f6f6}body{max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}figure,tr{break-inside:avoid}.modebar-container{display:none}}
`
  .trim()
  .replace(/\n/g, "");
