"""An executed notebook as one HTML page that needs no network."""

import copy
import itertools
import json
import re
from pathlib import Path

PLOTLY = "application/vnd.plotly.v1+json"
# Pictures of our figures, alone or among the tables of a result, become live where plotly is on the page.
UPGRADED = 'class="logitpress-figure"'
MARK = "<!--plotly-->"
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; media-src data: blob:; base-uri 'none'; form-action 'none'"
)
# nbconvert's own page without what it takes from the network: require.js, MathJax, Mermaid, widgets.
TEMPLATE = f"""{{%- extends 'index.html.j2' -%}}
{{%- block html_head_js -%}}
<meta http-equiv="Content-Security-Policy" content="{POLICY}">{MARK}
{{%- endblock -%}}
{{%- block jupyter_widgets -%}}{{%- endblock -%}}
{{%- block html_head_js_mathjax -%}}{{%- endblock -%}}
{{%- block html_head_js_mermaidjs -%}}{{%- endblock -%}}
"""
SHOWN = [
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "image/png",
    "image/jpeg",
    "application/javascript",
    "text/latex",
    "text/plain",
]
REMOTE = re.compile(r"<(?:img|script|iframe|link|source|video|audio|object|embed)\b[^>]*?\b(?:src|href|data)=\"(https?:[^\"]+)\"", re.I)


def page_of(notebook, path, plotly):
    """The page, and the addresses on the network that it leaves out. `plotly` is the path of the library."""
    from nbconvert import HTMLExporter

    notebook = copy.deepcopy(notebook)
    for bundle in bundles(notebook):
        if PLOTLY in bundle:
            bundle.setdefault("text/html", drawing(bundle[PLOTLY]))
    live = any(PLOTLY in bundle or UPGRADED in bundle.get("text/html", "") for bundle in bundles(notebook))
    exporter = HTMLExporter(template_name="lab", embed_images=True, raw_template=TEMPLATE)
    exporter.config.NbConvertBase.display_data_priority = SHOWN
    numbers = itertools.count()
    exporter.environment.globals["uuid4"] = lambda: f"output-{next(numbers)}"
    resources = {"metadata": {"name": path.stem, "path": str(path.resolve().parent)}}
    html = exporter.from_notebook_node(notebook, resources)[0]
    remote = sorted(set(REMOTE.findall(html)))
    return html.replace(MARK, library(plotly) if live else "", 1), remote


def bundles(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "data" in output:
                yield output["data"]


def library(path):
    source = Path(path).read_text(encoding="utf8")
    return "<script>" + re.sub(r"<(?=/script|!--)", r"\\x3c", source, flags=re.I) + "</script>"


def drawing(figure):
    """A figure that came without HTML of its own."""
    text = json.dumps(figure).replace("<", "\\u003c")
    return (
        f'<div><script type="application/json">{text}</script><script>(function(s){{'
        "var f=JSON.parse(s.previousElementSibling.textContent),d=document.createElement('div');"
        "s.parentNode.append(d);Plotly.newPlot(d,f.data,f.layout,f.config)})(document.currentScript)</script></div>"
    )
