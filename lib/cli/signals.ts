/**
 * Being told to stop, or to read the file again: by signals, or by the parent of a worker.
 *
 * @module
 */

import process from "node:process";

/** Who is told what. */
export interface SignalOptions {
  /** Whether this process is a worker, which takes orders from its parent's end of stdin. */
  readonly worker: boolean;
  /** SIGHUP. */
  reload(): void;
}

/** What a parent may write to a worker, one a line. */
export type Order = "stop" | "reload";

/** Exit codes of a process that a signal ended. */
export const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 } as const;

/** Resolves at the first signal to stop; the second ends the process at once. */
export function untilStopped({ worker, reload }: SignalOptions): Promise<void> {
  return new Promise((resolve) => {
    if (worker) takeOrders(reload, resolve);
    else takeSignals(reload, resolve);
  });
}

/** Tells `stop` of the first SIGTERM or SIGINT, and `force` of the next, with its exit code. */
export function onStopSignals(
  stop: () => void,
  force: (code: number) => void,
): void {
  let stopping = false;
  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (stopping) return force(code);
      stopping = true;
      stop();
    });
  }
}

function takeSignals(reload: () => void, stop: () => void): void {
  process.on("SIGHUP", reload);
  onStopSignals(stop, (code) => process.exit(code));
}

/**
 * A terminal signals the whole group, workers too, and the parent passes it on: so a worker
 * listens to its parent alone. Its end, however sudden, is the end of stdin.
 */
function takeOrders(reload: () => void, stop: () => void): void {
  process.on("SIGINT", () => {});
  process.on("SIGHUP", () => {});
  process.on("SIGTERM", stop);
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", (text: string) => {
    for (const order of text.split("\n")) {
      if (order === "stop") stop();
      if (order === "reload") reload();
    }
  });
  const orphaned = () => process.exit(0);
  process.stdin.on("end", orphaned);
  process.stdin.on("error", orphaned);
}
