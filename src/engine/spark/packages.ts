import { load } from "../../frame/dependency";

/** What a cluster's client needs beside the library, all optional. */
export interface SparkPackages {
  readonly grpc: typeof import("@grpc/grpc-js");
  readonly loader: typeof import("@grpc/proto-loader");
  readonly arrow: typeof import("apache-arrow");
}

const install = ["@grpc/grpc-js@1.14.7", "@grpc/proto-loader@0.8.1", "apache-arrow@21.2.0"];

/** Loads the optional packages, all or none. @throws `missing-dependency` */
export function sparkPackages(
  require_: (name: string) => unknown = (name) =>
    name === "@grpc/grpc-js"
      ? require("@grpc/grpc-js")
      : name === "@grpc/proto-loader"
        ? require("@grpc/proto-loader")
        : require("apache-arrow"),
): SparkPackages {
  const one = <T>(name: string): T => load(name, () => require_(name) as T, install);
  return { grpc: one("@grpc/grpc-js"), loader: one("@grpc/proto-loader"), arrow: one("apache-arrow") };
}
