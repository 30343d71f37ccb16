import { attachDisplays, displaySymbol, type MimeBundle } from "../base/display";

// Charts and tables are loaded when the first result is shown.
attachDisplays((kind, type) => {
  Object.defineProperty(type.prototype, displaySymbol, {
    configurable: true,
    value(this: object): MimeBundle {
      const { resultBundle } = require("./results") as typeof import("./results");
      return resultBundle(kind, this);
    },
  });
});
