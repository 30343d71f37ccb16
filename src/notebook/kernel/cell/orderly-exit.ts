const patienceMilliseconds = 1000;

/**
 * Lets `process.exit` in a cell end the kernel in order: what was printed is sent and the sockets are closed first, in the
 * thread that owns them, since zeromq aborts a process that ends in the middle of its work.
 *
 * @param closing asks for it; `closed` is told by setting its one element to 1
 */
export function exitInOrder(closing: () => void, closed: Int32Array): void {
  const exit = process.exit.bind(process);
  process.exit = ((code?: number) => {
    Atomics.store(closed, 0, 0);
    closing();
    Atomics.wait(closed, 0, 0, patienceMilliseconds);
    return exit(code);
  }) as typeof process.exit;
}
