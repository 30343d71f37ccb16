import { Reply, Router, XPublisher } from "zeromq";
import { fail } from "../../base/errors";

/** The connection file that a front end writes. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly signature_scheme: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
}

type Frames = readonly (Buffer | string)[];

/** A socket on which one send follows the other: zeromq refuses a send that starts before the last has ended. */
export class Channel<S extends Router | XPublisher> {
  #last: Promise<void> = Promise.resolve();

  constructor(readonly socket: S) {}

  send(frames: Frames): void {
    this.#last = this.#last.then(() => this.socket.send([...frames])).catch(() => undefined);
  }

  /** Resolves when all that was sent has been handed to zeromq. */
  async drained(): Promise<void> {
    await this.#last;
  }
}

/** The five sockets of a kernel. */
export interface Sockets {
  readonly shell: Channel<Router>;
  readonly control: Channel<Router>;
  readonly stdin: Channel<Router>;
  readonly iopub: Channel<XPublisher>;
  /** Sends what is still to send and closes. */
  close(): Promise<void>;
}

/** Binds the sockets of `connection`, on the loopback interface only, and answers the heartbeat. */
export async function bindSockets(connection: Connection): Promise<Sockets> {
  const { transport, ip } = connection;
  if (transport === "tcp" && !/^(127\.\d+\.\d+\.\d+|localhost|::1)$/.test(ip)) {
    fail("invalid-option", { thing: "ip of the connection file", value: ip, expected: "a loopback address" });
  }
  const address = (port: number) => `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`;
  const shell = new Router();
  const control = new Router();
  const stdin = new Router();
  // No limit: a publisher at its high-water mark drops messages silently.
  const iopub = new XPublisher({ sendHighWaterMark: 0, verbosity: "allSubs" });
  const heartbeat = new Reply();
  await Promise.all([
    shell.bind(address(connection.shell_port)),
    control.bind(address(connection.control_port)),
    stdin.bind(address(connection.stdin_port)),
    iopub.bind(address(connection.iopub_port)),
    heartbeat.bind(address(connection.hb_port)),
  ]);
  void echo(heartbeat);
  const channels = {
    shell: new Channel(shell),
    control: new Channel(control),
    stdin: new Channel(stdin),
    iopub: new Channel(iopub),
  };
  const close = async () => {
    await Promise.all(Object.values(channels).map((channel) => channel.drained()));
    for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
  };
  return { ...channels, close };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
