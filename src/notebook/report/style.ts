/** The look of a report: a paper, in light and dark, on a phone and on paper. */
export const reportStyle: string = `
:root{color-scheme:light dark;--paper:#fffefb;--ink:#1c1e21;--soft:#5c626b;--line:#d9d9d4;--band:#f5f4ef;--link:#0072b2;--shade:#0003}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e4e5e7;--soft:#a2a8b1;--line:#383b40;--band:#1e2125;--link:#56b4e9;--shade:#000a}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:58rem;padding:3.5rem 1.5rem 5rem;font:1.0625rem/1.6 Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,serif;overflow-wrap:break-word}
h1{font-size:clamp(1.7rem,5vw,2.3rem);line-height:1.2;margin:0 0 .6rem;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.3;margin:2.8rem 0 .6rem}
p{margin:.7rem 0;hyphens:auto}
.summary{font-size:1.12rem;color:var(--soft);border-bottom:1px solid var(--line);padding-bottom:1.6rem;margin-bottom:2rem}
figure{margin:1.8rem 0}
figure img{display:block;width:100%;height:auto}
figure{overflow-x:auto}.panels{min-width:36rem}@media screen{.live .still{display:none}}
.logitpress-table{overflow-x:auto;margin:1.4rem 0;background:linear-gradient(to right,var(--paper) 40%,transparent) 0 0/2.5rem 100% local no-repeat,linear-gradient(to left,var(--paper) 40%,transparent) 100% 0/2.5rem 100% local no-repeat,linear-gradient(to right,var(--shade),transparent) 0 0/.9rem 100% scroll no-repeat,linear-gradient(to left,var(--shade),transparent) 100% 0/.9rem 100% scroll no-repeat}
table{border-collapse:collapse;font:0.85rem/1.45 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;border-top:2px solid var(--ink);border-bottom:2px solid var(--ink)}
caption{font-size:1rem}
thead th{border-bottom:1px solid var(--ink);font-weight:600;vertical-align:bottom}
td,th{padding:.34rem .55rem}
td:first-child,th:first-child{padding-left:.2rem}
tbody tr:nth-child(even){background:color-mix(in srgb,var(--soft) 9%,transparent)}
.logitpress-table p{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;font-size:.85rem!important;color:var(--soft);opacity:1!important}
pre{overflow-x:auto;background:var(--band);padding:.8rem 1rem;border-radius:4px;font-size:.85rem;line-height:1.45}
.js-plotly-plot .gtitle,.js-plotly-plot .xtitle,.js-plotly-plot .ytitle,.js-plotly-plot .x2title,.js-plotly-plot .y2title,.js-plotly-plot .x3title,.js-plotly-plot .xtick text,.js-plotly-plot .x2tick text,.js-plotly-plot .x3tick text,.js-plotly-plot .ytick text,.js-plotly-plot .y2tick text,.js-plotly-plot .y3tick text,.js-plotly-plot .legendtext,.js-plotly-plot .bartext,.js-plotly-plot .textpoint text{fill:var(--ink)!important}
.js-plotly-plot .gtitle-subtitle{fill:var(--soft)!important}
.modebar-btn path{fill:var(--soft)!important}
h3{font-size:1.08rem;line-height:1.3;margin:1.8rem 0 .4rem}
.card{border:1px solid var(--line);border-radius:6px;padding:.6rem 1.2rem 1rem;margin:1.6rem 0}
.card-title{font-size:1.15rem}
.card ul{padding-left:1.2rem}.card li{margin:.3rem 0}
.card-title,.front,.facts,.fields,.examples,.slide{font-family:system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
.front{margin:1.6rem 0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:1rem 1.5rem}
.charts svg{width:100%;height:auto;display:block;font-size:12.5px}
.charts text{fill:var(--soft)}.charts .head{fill:var(--ink);font-weight:600;font-size:14px}
.charts .grid{stroke:var(--line)}.charts .level{stroke:#009e73;stroke-dasharray:4 4}
.charts .front{fill:none;stroke:var(--link);stroke-width:2}
.charts circle{fill:var(--link);stroke:var(--paper);stroke-width:1.5;cursor:pointer}
.charts circle.chosen{fill:#d55e00}
.charts circle.now{r:9px;stroke:var(--ink);stroke-width:2.5}
.front summary{cursor:pointer;padding:.4rem 0;color:var(--soft)}
.slide{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.2rem 1rem;margin:1.2rem 0 .6rem}
.slide label{font-weight:600}.slide output{font-variant-numeric:tabular-nums}
.slide input{flex-basis:100%;margin:.4rem 0;min-height:2rem;accent-color:var(--link)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.6rem;margin:.6rem 0}
.facts div{background:var(--band);border-radius:6px;padding:.6rem .8rem}
.facts dt{font-size:.8rem;color:var(--soft)}.facts dd{margin:0;font-size:1.3rem;font-variant-numeric:tabular-nums}
.note{font-size:.85rem;color:var(--soft)}
.file{white-space:pre-wrap;overflow-wrap:anywhere;max-height:11rem;overflow-y:auto}
.scroll{overflow-x:auto;margin:1.2rem 0}
.scroll caption{text-align:left;font-weight:600;padding:.4rem 0;font-size:.92rem}
.scroll table{min-width:min(100%,26rem);font-variant-numeric:tabular-nums}
.scroll th:first-child{text-align:left;font-weight:400;min-width:7rem;overflow-wrap:anywhere}
.scroll thead th:first-child{font-weight:600}
.scroll td,.scroll thead th{text-align:right}
.bars{display:block;width:7rem;height:.75rem;background:linear-gradient(var(--line),var(--line)) center/1px 100% no-repeat}
.bars.plain{background:var(--line)}
.bar{display:block;height:100%}.bar.high{background:#0072b2}.bar.low{background:#d55e00}
.cell{display:block;margin:-.2rem -.3rem;padding:.2rem .3rem;border-radius:3px;background:color-mix(in srgb,#d55e00 calc(var(--share)*45%),transparent)}
.cell.right{background:color-mix(in srgb,#0072b2 calc(var(--share)*45%),transparent)}
.verdict{font-size:1.1rem}.fault{color:var(--ink);border-left:3px solid #d55e00;padding-left:.6rem;overflow-wrap:anywhere}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(9rem,100%),1fr));gap:.2rem 1rem;align-items:end}
.fields p{margin:.3rem 0}.fields .wide{grid-column:1/-1}
.fields label{display:block;font-size:.85rem;color:var(--soft);overflow-wrap:anywhere}
.fields input,.fields select,.fields textarea{width:100%;font:inherit;font-size:1rem;color:var(--ink);background:var(--band);border:1px solid var(--soft);border-radius:4px;padding:.4rem .5rem}
.fields textarea{resize:vertical;line-height:1.45}
.examples{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
.examples button{font:inherit;font-size:.85rem;color:var(--ink);background:var(--band);border:1px solid var(--soft);border-radius:4px;padding:.35rem .6rem;cursor:pointer;max-width:100%;overflow-wrap:anywhere;text-align:left}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
@media (max-width:40rem){caption{white-space:normal!important}.logitpress-table th:first-child,.logitpress-table td:first-child{white-space:normal!important;min-width:6rem}td,th{padding:.3rem .4rem}.bars{width:4rem}.card{padding:.4rem .8rem .8rem}body{padding:1.6rem 1rem 3rem;font-size:1rem}}
@page{margin:16mm 14mm}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--band:#f6f6f6}body{max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid;margin-top:1.8rem}h3{margin-top:1.1rem}figure,tr,svg,.facts,table:not(:has(tr:nth-of-type(16))){break-inside:avoid}figure{margin:.9rem 0}p,li{orphans:3;widows:3}.slide,.examples,.fields,.front details{display:none}.card{border-color:#999}.file{max-height:none;overflow:visible}.cell,.bar,.bars,.facts div{print-color-adjust:exact;-webkit-print-color-adjust:exact}.live .chart,.modebar-container{display:none}.panels{min-width:0}.still img{width:100%;max-width:14cm;max-height:21cm;object-fit:contain;object-position:left top}figure,.logitpress-table,.scroll,pre{overflow:visible}.logitpress-table{background:none}table{font-size:8pt}caption{font-size:9.5pt}.logitpress-table p,.note{font-size:8.5pt!important;line-height:1.4}.logitpress-table{margin:.9rem 0}td,th,caption{white-space:normal!important;overflow-wrap:normal}td:first-child,th:first-child{overflow-wrap:anywhere;min-width:7em}td,th{padding:.2rem .35rem}tr>*{break-inside:avoid}caption,.card-title,h3{break-after:avoid}pre{white-space:pre-wrap}details:not([open]){display:none}}
`
  .trim()
  .replace(/\n/g, "");
