/**
 * With `OTEL_DENO=true`, Deno makes a span of each request and exports it. It cannot know the
 * route, so a span is named after its method alone, unless somebody says more.
 *
 * @module
 */

/** What is used here of OpenTelemetry's span. */
interface Span {
  updateName(name: string): void;
  setAttribute(name: string, value: string): void;
}

/** Under which key OpenTelemetry keeps the span of a context. */
const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/** Tells the span of the request being answered, if there is one, its route: `POST /v1/messages`. */
export function nameSpan(route: string): void {
  const span: Span | undefined = Deno.telemetry.contextManager.active()
    ?.getValue(SPAN);
  if (span === undefined) return;
  span.updateName(route);
  span.setAttribute("http.route", route.slice(route.indexOf(" ") + 1));
}
