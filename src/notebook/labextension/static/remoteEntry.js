// A module-federation container by hand: JupyterLab and Notebook 7 call init with the modules that they share, then
// get. It draws figures that come as plotly's MIME type, and offers `window.logitpressDraw(host, figure)` to the
// scripts of HTML outputs, whose still picture in `host` it makes live (src/chart/upgrade.ts).
(() => {
  const mimeType = "application/vnd.plotly.v1+json";
  const plotlyUrl = new URL("plotly.min.js", document.currentScript.src).href;
  const defaultHeight = 400;
  // The grey of src/chart/theme.ts, which stands for "whatever reads here", and the grounds that let the page through.
  const openInk = "#7b828c";
  const openGrounds = new Set([undefined, "rgba(0,0,0,0)", "transparent"]);
  let shared;
  let plotly;

  function loadPlotly() {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const failed = (reason) => {
        plotly = undefined;
        script.remove();
        reject(new Error(`${reason}; \`logitpress kernel install\` puts it in place`));
      };
      script.src = plotlyUrl;
      script.onload = () =>
        window.Plotly ? resolve(window.Plotly) : failed(`${plotlyUrl} does not hold plotly`);
      script.onerror = () => failed(`plotly can't be loaded from ${plotlyUrl}`);
      document.head.append(script);
    });
    return plotly;
  }

  async function sharedModule(name) {
    const [version] = Object.values(shared[name]);
    const factory = await version.get();
    return factory();
  }

  // One chart after the other, with a pause in which the page answers.
  let turn = Promise.resolve();
  function inTurn(work) {
    turn = turn.then(work).then(() => new Promise((resolve) => setTimeout(resolve)));
  }

  // What a figure leaves open follows the theme of the page; one with a ground of its own is left alone.
  function themed(layout) {
    const ground = layout.paper_bgcolor ?? layout.template?.layout?.paper_bgcolor;
    if (!openGrounds.has(ground)) return layout;
    const style = getComputedStyle(document.body);
    const ink = style.getPropertyValue("--jp-content-font-color1").trim() || "#222";
    const none = "rgba(0,0,0,0)";
    const result = { paper_bgcolor: none, plot_bgcolor: none, ...inked(layout, ink) };
    result.font = { color: ink, ...result.font };
    result.modebar = { bgcolor: none, color: openInk, activecolor: ink, ...result.modebar };
    const lines = "rgba(128,128,128,0.3)";
    const axes = Object.keys(result).filter((key) => /^[xy]axis\d*$/.test(key));
    for (const axis of new Set(["xaxis", "yaxis", ...axes])) {
      result[axis] = { gridcolor: lines, zerolinecolor: lines, linecolor: lines, ...result[axis] };
    }
    return result;
  }

  function inked(value, ink) {
    if (value === openInk) return ink;
    if (Array.isArray(value)) return value.map((part) => inked(part, ink));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inked(part, ink)]));
  }

  // Held by their nodes alone, since outputs in HTML are taken away without a word.
  const drawings = new Map();
  const drawingOf = new WeakMap();
  const nearby = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) drawingOf.get(entry.target)?.seen(entry.isIntersecting);
    },
    { rootMargin: "300px", scrollMargin: "300px" },
  );
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) drawingOf.get(target)?.fit();
  });
  const themes = new MutationObserver(() => {
    for (const [key, weak] of drawings) {
      const drawing = weak.deref();
      if (drawing === undefined) drawings.delete(key);
      else drawing.outdate();
    }
  });
  let numbers = 0;

  // A figure in a node: the still picture or text that is there already, until the chart is drawn, and again in print
  // or where it can't be drawn.
  class Drawing {
    constructor(host, still) {
      this.host = host;
      this.still = still;
      this.plot = document.createElement("div");
      this.message = undefined;
      this.near = false;
      this.stale = true;
      this.drawnWidth = 0;
      this.key = numbers++;
      host.classList.add("logitpress-chart");
      still.classList.add("logitpress-still");
      this.plot.className = "logitpress-plot";
      host.append(this.plot);
      drawings.set(this.key, new WeakRef(this));
      drawingOf.set(host, this);
      nearby.observe(host);
      sizes.observe(host);
    }

    show(figure, label) {
      this.figure = figure;
      this.label = label;
      this.outdate();
    }

    seen(near) {
      this.near = near;
      if (near) this.request();
    }

    outdate() {
      this.stale = true;
      this.request();
    }

    fit() {
      if (this.host.clientWidth === this.drawnWidth) return;
      this.request();
    }

    request() {
      if (!this.near || this.asked) return;
      this.asked = true;
      inTurn(() => {
        this.asked = false;
        return this.draw().catch((error) => this.fail(error));
      });
    }

    async draw() {
      const width = this.host.clientWidth;
      if (this.ended || this.figure === undefined || width === 0) return;
      if (!this.stale && width === this.drawnWidth) return;
      const { data, layout = {}, config = {}, frames } = checked(this.figure);
      const Plotly = await loadPlotly();
      if (this.ended) return;
      this.stale = false;
      this.drawnWidth = width;
      const size = { width: layout.width ?? width, height: layout.height ?? defaultHeight, autosize: false };
      // Plotly's own watch on the window would keep charts in memory that are no longer on the page.
      const settings = { displaylogo: false, ...config, responsive: false };
      await Plotly.react(this.plot, data, { ...themed(layout), ...size }, settings);
      if (frames?.length) await Plotly.addFrames(this.plot, frames);
      if (this.ended) return;
      const svg = this.plot.querySelector(".main-svg");
      svg?.setAttribute("role", "img");
      svg?.setAttribute("aria-label", this.label);
      this.host.classList.add("logitpress-live");
      this.message?.remove();
      this.message = undefined;
    }

    fail(error) {
      this.host.classList.remove("logitpress-live");
      this.purge();
      this.message ??= this.host.appendChild(document.createElement("p"));
      this.message.className = "logitpress-message";
      this.message.setAttribute("role", "status");
      this.message.textContent = `The chart can't be drawn live: ${error.message}.`;
    }

    purge() {
      window.Plotly?.purge(this.plot);
      this.plot.replaceChildren();
    }

    end() {
      this.ended = true;
      nearby.unobserve(this.host);
      sizes.unobserve(this.host);
      drawings.delete(this.key);
      drawingOf.delete(this.host);
      this.purge();
    }
  }

  function checked(figure) {
    const record = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    if (!record(figure)) throw new Error("invalid figure; expected an object with data and layout");
    const { data = [], layout = {} } = figure;
    if (!Array.isArray(data) || !data.every(record)) {
      throw new Error("invalid data of the figure; expected an array of traces");
    }
    if (!record(layout)) throw new Error("invalid layout of the figure; expected an object");
    return { ...figure, data, layout };
  }

  function titleOf(figure) {
    const title = figure?.layout?.title?.text ?? figure?.layout?.title;
    return typeof title === "string" ? title.replace(/<[^>]*>/g, "") : "Chart";
  }

  // The picture among the HTML of the same output, else its text. Of the HTML nothing but an image's data is taken, so
  // that this holds for notebooks that nobody trusts yet.
  function stillOf(bundle) {
    const page = new DOMParser().parseFromString(String(bundle["text/html"] ?? ""), "text/html");
    const src = page.querySelector(".logitpress-figure > img")?.getAttribute("src") ?? "";
    if (src.startsWith("data:image/")) {
      const image = document.createElement("img");
      image.src = src;
      image.alt = String(bundle["text/plain"] ?? "");
      return image;
    }
    const text = document.createElement("pre");
    text.textContent = String(bundle["text/plain"] ?? "");
    return text;
  }

  function rendererClass(Widget) {
    return class PlotlyWidget extends Widget {
      renderModel({ data: bundle }) {
        const figure = bundle[mimeType];
        if (this.drawing === undefined) {
          const still = stillOf(bundle);
          this.node.append(still);
          this.drawing = new Drawing(this.node, still);
        }
        this.drawing.show(figure, String(bundle["text/plain"] ?? "") || titleOf(figure));
        return Promise.resolve();
      }

      dispose() {
        if (this.isDisposed) return;
        this.drawing?.end();
        super.dispose();
      }
    };
  }

  // Called by the script of an HTML output; the host holds the still picture.
  function drawIn(host, figure) {
    const still = host.querySelector("img") ?? host.appendChild(document.createElement("span"));
    new Drawing(host, still).show(figure, still.getAttribute("alt") || titleOf(figure));
  }

  const css = `
.logitpress-chart { overflow-x: auto; overflow-y: hidden; }
.logitpress-still { max-width: 100%; height: auto; }
.logitpress-chart:not(.logitpress-live) > .logitpress-plot { height: 0; overflow: hidden; }
.logitpress-live > .logitpress-still { display: none !important; }
.logitpress-message { margin: 4px 0; color: var(--jp-content-font-color1, inherit); }
@media print {
  .logitpress-live > img.logitpress-still { display: block !important; }
  .logitpress-live > img.logitpress-still ~ .logitpress-plot { display: none; }
}`;

  async function mimeExtension() {
    const { Widget } = await sharedModule("@lumino/widgets");
    const PlotlyWidget = rendererClass(Widget);
    document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
    themes.observe(document.body, { attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
    const extension = {
      id: "logitpress:plotly",
      description: "Draws plotly figures.",
      // Above the text and HTML of the same output.
      rank: 0,
      dataType: "json",
      // Read when the extension is activated, so not where the user has turned it off.
      get rendererFactory() {
        window.logitpressDraw = drawIn;
        return { safe: true, mimeTypes: [mimeType], createRenderer: () => new PlotlyWidget() };
      },
    };
    return () => ({ __esModule: true, default: [extension] });
  }

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.logitpress = {
    init(scope) {
      shared = scope;
    },
    get(module) {
      if (module !== "./mimeExtension") return Promise.reject(new Error(`unknown module: ${module}`));
      return mimeExtension();
    },
  };
})();
