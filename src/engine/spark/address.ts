import { fail } from "../../base/errors";

/** Where a Spark Connect server listens, and whether its certificate is checked. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const expected = '"sc://host:port", with "/;use_ssl=true" for TLS';

/**
 * Reads an address as Spark writes it. Beyond this machine it must have TLS and a token, since both the token and the rows
 * would be read on the way.
 * @param token whether there is one
 * @throws `invalid-option`, `missing-option`
 */
export function parseAddress(text: string, token: boolean, thing: string = "address of spark"): Address {
  const [, bracketed, name, port, rest] =
    /^sc:\/\/(?:\[([0-9a-fA-F:]+)\]|([^/:;?#@\s]+))(?::(\d{1,5}))?(?:\/;?(.*))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  const number = port === undefined ? 15002 : Number(port);
  if (host === undefined || number < 1 || number > 65535) {
    // The address may hold a secret, so it is not shown.
    const remedy = 'spark("sc://localhost:15002", { token }) is of a server on this machine.';
    return fail("invalid-option", { thing, expected, remedy });
  }
  const settings = (rest ?? "").split(";").filter((part) => part !== "");
  for (const setting of settings) {
    const key = setting.split("=")[0];
    if (key === "use_ssl") continue;
    fail("invalid-option", {
      thing: `parameter of the ${thing}`,
      value: key,
      expected: "use_ssl alone",
      ...(key === "token"
        ? { remedy: "Pass the token as the option token, which no list of processes shows." }
        : {}),
    });
  }
  const tls = settings.includes("use_ssl=true");
  if (!isLoopback(host)) {
    const needed = "TLS and a token for an address beyond this machine";
    if (!tls) fail("missing-option", { thing: 'TLS ("/;use_ssl=true")', value: host, expected: needed });
    if (!token) fail("missing-option", { thing: "token", value: host, expected: needed });
  }
  return { host, port: number, tls };
}

/** Whether a host is this machine whatever a name server says. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
