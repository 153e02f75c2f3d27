/**
 * How Anthropic's Messages API streams a message: its events, in the order in which they were
 * recorded.
 *
 * @module
 */

import { type Choice, type Reply, sampleOf } from "../core/reply.ts";
import { sse } from "../wire/framing.ts";
import { type JsonObject, jsonPiecesOf } from "../wire/json.ts";
import {
  contentOf,
  deltaOf,
  firstDeltasOf,
  isSilent,
  lastDeltasOf,
  openBlockOf,
  UNTOLD,
  type Wording,
} from "./_anthropic_blocks.ts";
import { anthropicError } from "./_anthropic_errors.ts";
import { deltaUsageOf, messageOf, stopOf } from "./_anthropic_message.ts";
import type { Stamp, Voice } from "./dialect.ts";

/** A voice for `reply`, its ids drawn from `stamp`. */
export function voiceOf(reply: Reply, stamp: Stamp, wording: Wording): Voice {
  const [choice] = reply.choices;
  const places = placesOf(choice, wording);
  let led = contentOf(choice, wording)[0] !== UNTOLD;
  let pinged = false;
  /** The first ping directly follows the start of the first block that can be read, or comes in its place. */
  const ping = (): string => {
    if (pinged) return "";
    pinged = true;
    return sse('{"type": "ping"}', "ping"); // the space is the provider's
  };
  /** The thoughts that nobody wrote, before everything else. */
  const lead = (): string => {
    if (led) return "";
    led = true;
    const content_block = openBlockOf(UNTOLD, wording, stamp);
    return frame({ type: "content_block_start", index: 0, content_block }) +
      ping() + deltas(0, lastDeltasOf(UNTOLD, stamp)) +
      frame({ type: "content_block_stop", index: 0 });
  };
  return {
    say(event) {
      switch (event.type) {
        case "reply-start": {
          const message = messageOf(reply, stamp, { ...wording, ended: false });
          return frame({ type: "message_start", message });
        }
        case "block-start": {
          const index = places[event.index] ?? -1;
          if (index < 0) return "";
          const { block } = event;
          const before = lead();
          const content_block = openBlockOf(block, wording, stamp);
          const start = { type: "content_block_start", index, content_block };
          return before + frame(start) +
            (block.type === "redacted" ? "" : ping()) +
            deltas(index, firstDeltasOf(block, wording, stamp));
        }
        case "block-end": {
          const index = places[event.index] ?? -1;
          return index < 0
            ? ""
            : deltas(index, lastDeltasOf(event.block, stamp)) +
              frame({ type: "content_block_stop", index });
        }
        case "reply-end":
          return ping() + endOf(reply, wording);
        default:
          return ""; // there is but one choice
      }
    },
    deltas(event) {
      const { block } = event;
      const index = places[event.index] ?? -1;
      if (index < 0 || isSilent(block, wording)) return () => "";
      const whole = deltas(index, [deltaOf(block, HOLE)]);
      const [prefix = "", suffix = ""] = whole.split(JSON.stringify(HOLE));
      const json = jsonPiecesOf(sampleOf(block));
      return (text) => prefix + json(text) + suffix;
    },
    fail: (failure) => frame({ type: "error", error: anthropicError(failure) }),
  };
}

/** Where each block stands among those that are content; -1 for one that is none. */
function placesOf(choice: Choice, wording: Wording): readonly number[] {
  const content = contentOf(choice, wording);
  let place = content[0] === UNTOLD ? 1 : 0;
  return choice.blocks.map((block) => content.includes(block) ? place++ : -1);
}

/** Stands for the text of a delta while its frame is made. */
const HOLE = "hole";

function deltas(index: number, each: readonly JsonObject[]): string {
  return each.map((delta) =>
    frame({ type: "content_block_delta", index, delta })
  ).join("");
}

function endOf(reply: Reply, { modern }: Wording): string {
  const stop = stopOf(reply.choices[0], modern);
  const delta = modern ? { ...stop, container: null } : stop;
  const usage = deltaUsageOf(reply.usage, modern);
  return frame({ type: "message_delta", delta, usage }) +
    frame({ type: "message_stop" });
}

function frame(event: { readonly type: string } & JsonObject): string {
  return sse(JSON.stringify(event), event.type);
}
