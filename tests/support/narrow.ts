/**
 * A connection whose receive window is a few KiB, as behind a bad line: no runtime lets a
 * client choose that, so this asks the C library. Linux only.
 *
 * @module
 */

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  setsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "u32"],
    result: "i32",
  },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  recv: {
    parameters: ["i32", "buffer", "usize", "i32"],
    result: "isize",
    nonblocking: true,
  },
  close: { parameters: ["i32"], result: "i32" },
} as const;

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_RCVTIMEO = 20;
const SECONDS_MAX = 20;

/** Whether this machine can do it. */
export const CAN_BE_NARROW: boolean = Deno.build.os === "linux" &&
  Deno.build.arch === "x86_64";

/**
 * Sends `request` to `url` and reads the answer to its end through a window of `windowBytes`,
 * never more than that at once. `after` is called after each piece, and may wait.
 */
export async function readNarrowly(
  url: string,
  request: string,
  windowBytes: number,
  after: () => Promise<void> | void = () => {},
): Promise<string> {
  const libc = Deno.dlopen("libc.so.6", SYMBOLS);
  const { symbols } = libc;
  const socket = symbols.socket(AF_INET, SOCK_STREAM, 0);
  try {
    symbols.setsockopt(
      socket,
      SOL_SOCKET,
      SO_RCVBUF,
      bytesOf([windowBytes]),
      4,
    );
    symbols.setsockopt(
      socket,
      SOL_SOCKET,
      SO_RCVTIMEO,
      bytesOf([SECONDS_MAX, 0, 0, 0]),
      16,
    );
    if (symbols.connect(socket, addressOf(url), 16) !== 0) {
      throw new Error(`Cannot connect to ${url}`);
    }
    const bytes = new TextEncoder().encode(request);
    symbols.send(socket, bytes, BigInt(bytes.length), 0);
    return await received(symbols.recv, socket, windowBytes, after);
  } finally {
    symbols.close(socket);
    libc.close();
  }
}

async function received(
  recv: (
    socket: number,
    buffer: Uint8Array<ArrayBuffer>,
    size: bigint,
    flags: number,
  ) => Promise<bigint>,
  socket: number,
  windowBytes: number,
  after: () => Promise<void> | void,
): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(windowBytes);
  let text = "";
  for (;;) {
    const size = Number(await recv(socket, buffer, BigInt(windowBytes), 0));
    if (size < 0) {
      throw new Error(
        `Nothing came for ${SECONDS_MAX} s after ${text.length} characters`,
      );
    }
    if (size === 0) return text + decoder.decode();
    text += decoder.decode(buffer.subarray(0, size), { stream: true });
    await after();
  }
}

function bytesOf(numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Int32Array(numbers).buffer);
}

/** The `sockaddr_in` of 127.0.0.1 and the port of `url`. */
function addressOf(url: string): Uint8Array<ArrayBuffer> {
  const port = Number(new URL(url).port);
  return new Uint8Array([
    AF_INET,
    0,
    port >> 8,
    port & 0xff,
    127,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]);
}
