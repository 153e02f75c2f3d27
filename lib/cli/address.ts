/**
 * Addresses as people write them, as sockets take them, and as others reach them.
 *
 * @module
 */

/** `host:port` for a URL. */
export function authority(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** An address to use where `host` means all of them. */
export function reachable(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

/** An address out of a URL: `[::1]` means `::1`. */
export function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** Whether only this machine reaches `host`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}
