/**
 * Threads of Anthropic: conversations that the server holds, so that only what is new needs to be
 * sent. They are best-effort at the provider, whose clients keep a copy and send it all again when
 * told that a thread is gone. Here every thread is: this knows no earlier request.
 *
 * @module
 */

import { BadRequest } from "../core/reply.ts";
import { isObject, own } from "../wire/json.ts";
import { refuse, refuseTag, stringAt } from "./_anthropic_fields.ts";

const TYPES = ["create", "continue"];

/** Takes a thread that begins; refuses one that is to go on, as the provider does when it has lost it. */
export function checkThread(value: unknown, key: string): void {
  if (!isObject(value)) refuse(key, "Input should be an object");
  const type = own(value, "type");
  if (type === "create") return;
  if (type !== "continue") refuseTag(key, type, TYPES);
  const id = stringAt(value, "previous_message_id", `${key}.continue`);
  throw new BadRequest({
    status: 404,
    errorType: "not_found_error",
    code: "thread_not_found",
    field: key,
    message:
      `${key}: no thread was found for previous_message_id ${
        JSON.stringify(id)
      }. ` +
      'Send the full conversation with {"type": "create"} to start a new one.',
  });
}
