// A module-federation container by hand: JupyterLab calls init with the modules that it shares, then get.
(() => {
  const mimeType = "application/vnd.plotly.v1+json";
  const plotlyUrl = new URL("plotly.min.js", document.currentScript.src).href;
  const defaultHeight = 400;
  let shared;
  let plotly;

  function loadPlotly() {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = plotlyUrl;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => {
        plotly = undefined;
        reject(new Error(`plotly can't be loaded from ${plotlyUrl}`));
      };
      document.head.append(script);
    });
    return plotly;
  }

  async function sharedModule(name) {
    const [version] = Object.values(shared[name]);
    const factory = await version.get();
    return factory();
  }

  // What a figure leaves open follows the theme of the page.
  function themed(layout) {
    const style = getComputedStyle(document.body);
    const ink = style.getPropertyValue("--jp-content-font-color1").trim() || "#222";
    const grid = style.getPropertyValue("--jp-border-color2").trim() || "#ddd";
    const dark = document.body.dataset.jpThemeLight === "false";
    const page = dark ? { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" } : {};
    const result = { ...layout, ...page };
    if (dark) result.font = { ...layout.font, color: ink };
    if (!dark) return result;
    const axes = new Set([
      "xaxis",
      "yaxis",
      ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key)),
    ]);
    for (const axis of axes) {
      result[axis] = { ...layout[axis], gridcolor: grid, zerolinecolor: grid, linecolor: grid };
    }
    return result;
  }

  function rendererClass(Widget) {
    return class PlotlyWidget extends Widget {
      constructor() {
        super();
        this.addClass("logitpress-plotly");
        this.plot = this.node.appendChild(document.createElement("div"));
        this.figure = undefined;
        this.drawnWidth = 0;
        this.sizes = new ResizeObserver(() => this.fit());
        this.sizes.observe(this.node);
        this.themes = new MutationObserver(() => this.draw());
        this.themes.observe(document.body, { attributeFilter: ["data-jp-theme-name"] });
      }

      async renderModel(model) {
        this.figure = model.data[mimeType];
        this.plot.style.height = `${this.figure.layout?.height ?? defaultHeight}px`;
        await loadPlotly();
        await this.draw();
      }

      // Before it is attached the widget has no width; the observer of its size draws it then.
      async draw() {
        const width = this.node.clientWidth;
        if (this.isDisposed || this.figure === undefined || width === 0) return;
        this.drawnWidth = width;
        const Plotly = await loadPlotly();
        const { data = [], layout = {}, config = {}, frames } = this.figure;
        const size = { autosize: true, width: layout.width, height: layout.height ?? defaultHeight };
        const settings = { displaylogo: false, ...config };
        await Plotly.react(this.plot, data, { ...themed(layout), ...size }, settings);
        if (frames?.length) await Plotly.addFrames(this.plot, frames);
      }

      fit() {
        const width = this.node.clientWidth;
        if (width === 0 || width === this.drawnWidth) return;
        const first = this.drawnWidth === 0;
        this.drawnWidth = width;
        if (first) this.draw();
        else loadPlotly().then((Plotly) => !this.isDisposed && Plotly.Plots.resize(this.plot));
      }

      dispose() {
        if (this.isDisposed) return;
        this.sizes.disconnect();
        this.themes.disconnect();
        window.Plotly?.purge(this.plot);
        super.dispose();
      }
    };
  }

  async function mimeExtension() {
    const { Widget } = await sharedModule("@lumino/widgets");
    const PlotlyWidget = rendererClass(Widget);
    const extension = {
      id: "logitpress:plotly",
      description: "Draws plotly figures.",
      // Above the text and HTML of the same output.
      rank: 0,
      dataType: "json",
      rendererFactory: { safe: true, mimeTypes: [mimeType], createRenderer: () => new PlotlyWidget() },
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
