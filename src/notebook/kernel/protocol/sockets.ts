import { Reply, Router, XPublisher } from "zeromq";
import { fail } from "../../../base/errors";
import { silently } from "./silently";
import type { Frame } from "./wire";

const patienceMilliseconds = 10_000;
const impatienceMilliseconds = 20;
const retryMilliseconds = 2;
/** How long the end of the process waits for front ends to take what they were sent; in milliseconds. */
const linger = 300;
/** Messages that may wait for one front end. */
const waitingMessages = 100;
/** Bytes that the system holds for one front end; left open, it takes megabytes, which are thousands of messages. */
const sendBuffer = 256 * 1024;
/** Numbers of zeromq's options of a publisher (zmq.h), not all of which zeromq.js names. */
const option = { subscribe: 6, unsubscribe: 7, noDrop: 69, manual: 71, lastPipeOnly: 98 } as const;

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

/** A socket on which one send follows the other: zeromq refuses a send that starts before the last has ended. */
export class Channel<S extends Router | XPublisher> {
  #last: Promise<void> = Promise.resolve();

  constructor(readonly socket: S) {}

  /** Sends after what was sent before; `sent` is called once zeromq has the message. */
  send(frames: readonly Frame[], sent?: () => void): void {
    this.queue(() => this.deliver(frames), sent);
  }

  protected queue(step: () => Promise<void>, done?: () => void): void {
    this.#last = this.#last
      .then(step)
      .catch(() => undefined)
      .then(done);
  }

  /** Resolves when all that was sent has been handed to zeromq. */
  async drained(): Promise<void> {
    await this.#last;
  }

  protected async deliver(frames: readonly Frame[]): Promise<void> {
    await this.socket.send([...frames] as (Buffer | string)[]);
  }
}

/**
 * A publisher from which a front end gets nothing before it is admitted. Both methods mean the front end whose message
 * was read last, so that they must be called before anything else is done with the socket.
 */
class Publisher extends XPublisher {
  /** The greeting is the first message it gets, and goes to no other, so that none keeps it waiting. */
  admit(topic: Buffer, greeting: readonly Frame[]): void {
    this.#set(option.lastPipeOnly, true);
    try {
      this.setStringOption(option.subscribe, topic);
      this.send([...greeting] as (Buffer | string)[]).catch(() => undefined);
    } catch {
      // It is gone already.
    } finally {
      // Turned off, it turns off the manual mode that it implies.
      this.#set(option.lastPipeOnly, false);
      this.#set(option.manual, true);
    }
  }

  dismiss(topic: Buffer): void {
    try {
      this.setStringOption(option.unsubscribe, topic);
    } catch {
      // It is gone, and its subscriptions with it.
    }
  }

  /** Hands over a message at once, which those front ends miss that have no room for it. */
  sendToReady(frames: readonly Frame[]): Promise<void> {
    this.#set(option.noDrop, false);
    const sent = this.send([...frames] as (Buffer | string)[]);
    this.#set(option.noDrop, true);
    return sent;
  }

  // zeromq.js warns that what is set after the binding has no effect; these have it.
  #set(name: number, value: boolean): void {
    silently(() => this.setBoolOption(name, value));
  }
}

/**
 * The channel to all front ends. It waits for one that reads slowly, so that nothing is lost and nothing piles up; one
 * that has read nothing for ten seconds misses messages from then on, until it reads again.
 */
export class Broadcast extends Channel<Publisher> {
  #patience = patienceMilliseconds;

  /** Waits no more: the process is about to end. */
  hurry(): void {
    this.#patience = 0;
  }

  protected override async deliver(frames: readonly Frame[]): Promise<void> {
    const start = performance.now();
    do {
      try {
        await super.deliver(frames);
        if (this.#patience > 0) this.#patience = patienceMilliseconds;
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      }
      // zeromq can't tell when a publisher may go on.
      await new Promise((resolve) => setTimeout(resolve, retryMilliseconds));
    } while (performance.now() - start < this.#patience);
    this.#patience = Math.min(this.#patience, impatienceMilliseconds);
    await this.socket.sendToReady(frames);
  }
}

/** The five sockets of a kernel. */
export interface Sockets {
  readonly shell: Channel<Router>;
  readonly control: Channel<Router>;
  readonly stdin: Channel<Router>;
  readonly iopub: Broadcast;
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
  const shell = new Router({ linger });
  const control = new Router({ linger });
  const stdin = new Router({ linger });
  // Manual, and never put off by zeromq.js, as what is published between a subscription and its greeting would come
  // before the greeting otherwise.
  const iopub = new Publisher({
    linger,
    sendHighWaterMark: waitingMessages,
    sendBufferSize: sendBuffer,
    sendTimeout: 0,
    noDrop: true,
    manual: true,
  });
  const heartbeat = new Reply({ linger: 0 });
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
    iopub: new Broadcast(iopub),
  };
  const close = async () => {
    channels.iopub.hurry();
    await Promise.all(Object.values(channels).map((channel) => channel.drained()));
    for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
  };
  return { ...channels, close };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}
