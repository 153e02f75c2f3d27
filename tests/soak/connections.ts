/**
 * Rows about connections: half open, idle, too many.
 *
 * @module
 */

import {
  type Child,
  eventually,
  launchServer,
  type Program,
} from "../support/process.ts";
import { Socket } from "../support/socket.ts";
import {
  cpuPercent,
  descriptors,
  latencyMs,
  pause,
  rssMb,
  Watch,
} from "./gauge.ts";
import { fdsLeft } from "./readers.ts";
import { each, type Figure, onServer, type Row } from "./row.ts";

/** How long slow clients are borne with. */
const CLOSED_AFTER_MS = 40_000;

/** A client that says a little every second, and knows whether it was hung up on. */
class Dripper {
  closed = false;
  answered = false;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen();
  }

  async drip(text: string): Promise<void> {
    if (!this.closed) {
      await this.socket.send(text).catch(() => this.closed = true);
    }
  }

  async #listen(): Promise<void> {
    try {
      while (await this.socket.read(120_000) !== undefined) {
        this.answered = true;
      }
    } catch {
      // Closed by ourselves in the end.
    }
    this.closed = true;
  }
}

/** Opens `count` connections that have said `begin`. */
function drippers(
  url: string,
  count: number,
  begin: string,
): Promise<Dripper[]> {
  return each(count, 50, async () => {
    const socket = await Socket.open(url);
    if (begin !== "") await socket.send(begin);
    return new Dripper(socket);
  });
}

const HALF_HEAD =
  "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nX-A: b";
const HALF_BODY =
  "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{";

const slowloris: Row = {
  id: "c5",
  fault:
    "300 half headers (half of them dripping) and 100 dripping bodies for 40 s",
  measure: (program) =>
    onServer(program, async (server) => {
      const watch = new Watch(server);
      const silent = await drippers(server.url, 150, HALF_HEAD);
      const heads = await drippers(server.url, 150, HALF_HEAD);
      const bodies = await drippers(server.url, 100, HALF_BODY);
      const all = [...silent, ...heads, ...bodies];
      const beganMs = performance.now();
      while (performance.now() - beganMs < CLOSED_AFTER_MS) {
        await pause(1_000);
        await Promise.all([...heads, ...bodies].map((each) => each.drip("a")));
      }
      const open = (some: readonly Dripper[]) =>
        some.filter(({ closed, answered }) => !closed && !answered).length;
      const figures = [
        {
          what: "/health meanwhile, 99 of 100",
          value: watch.latencyMs(0.99),
          unit: "ms",
          most: 50,
        },
        { what: "memory", value: watch.grownMb, unit: "MB", most: 64 },
        {
          what: "silent half headers still borne with",
          value: open(silent),
          unit: "",
          most: 0,
        },
        {
          what: "dripping half headers still borne with",
          value: open(heads),
          unit: "",
          most: 0,
        },
        {
          what: "dripping bodies neither refused nor closed",
          value: open(bodies),
          unit: "",
          most: 0,
        },
      ];
      await watch.stop();
      for (const { socket } of all) socket.close();
      return figures;
    }),
};

const idle: Row = {
  id: "c6",
  fault: "1,000 idle connections, then 10,000",
  measure: async (program) => [
    ...await onServer(program, (server) => idling(server, 1_000)),
    ...await onServer(program, (server) => idling(server, 10_000)),
  ],
};

async function idling(server: Child, count: number): Promise<Figure[]> {
  const { pid, url } = server;
  await pause(3_000); // what the warming up left behind is given back
  const [fds, before] = [descriptors(pid), rssMb(pid)];
  const sockets = await each(
    count,
    100,
    () => Socket.open(url).catch(() => undefined),
  );
  const open = sockets.filter((each) => each !== undefined);
  const watch = new Watch(server);
  await pause(5_000);
  await watch.stop();
  const grown = rssMb(pid) - before;
  for (const socket of open) socket.close();
  return [
    { what: "connections", value: open.length, unit: "", least: count },
    {
      what: `each of ${count}`,
      value: grown * 1024 / open.length,
      unit: "KB",
      ...count === 1_000 && { most: 6 },
    },
    { what: `all ${count}`, value: grown, unit: "MB", most: 100 },
    {
      what: "/health meanwhile, 99 of 100",
      value: watch.latencyMs(0.99),
      unit: "ms",
      most: 50,
    },
    {
      what: "descriptors left after 5 s",
      value: await fdsLeft(pid, fds),
      unit: "",
      most: 0,
    },
  ];
}

const starved: Row = {
  id: "c23",
  fault: "120 connections on 80 descriptors",
  measure: async ({ name, argv }: Program) => {
    const limited = {
      name,
      argv: ["bash", "-c", 'ulimit -n 80; exec "$@"', "-", ...argv],
    };
    await using server = await launchServer(limited, ["--quiet"]);
    const sockets = await each(
      120,
      1,
      () => Socket.open(server.url).catch(() => undefined),
    );
    await pause(1_000);
    const cpu = await cpuPercent(server.pid, 3_000);
    for (const socket of sockets) socket?.close();
    const beganMs = performance.now();
    const answers = async () =>
      await latencyMs(server.url) < Infinity || undefined;
    await eventually(answers, "an answer");
    return [
      { what: "processor meanwhile", value: cpu, unit: "%", most: 30 },
      {
        what: "answers after they close",
        value: performance.now() - beganMs,
        unit: "ms",
        most: 1_000,
      },
    ];
  },
};

/** The rows. */
export const CONNECTIONS: readonly Row[] = [slowloris, idle, starved];
