/**
 * `/_mock/config` and `/_mock/reload`: what is in force, and reading the file again.
 *
 * Both tell of the process that is asked, so they answer however many there are.
 *
 * @module
 */

import { COVERAGE_SHOWN_MAX } from "../core/limits.ts";
import { refuseUnknown } from "../journal/query.ts";
import { snakeKeys } from "../journal/view.ts";
import type { Config } from "../match/rule.ts";
import { problemView } from "./refuse.ts";
import {
  type AdminAnswer,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";

/** The routes of the configuration. */
export function configRoutes(parts: AdminParts): readonly AdminRoute[] {
  return [
    {
      route: "GET /_mock/config",
      does: "the configuration in force, and what is wrong with the file",
      shared: false,
      answer: ({ query }) => {
        refuseUnknown(query, []);
        return { status: 200, body: configView(parts) };
      },
    },
    {
      route: "POST /_mock/reload",
      does: "reads the file again, and says what is wrong with it",
      shared: false,
      answer: ({ query }) => {
        refuseUnknown(query, []);
        return reload(parts);
      },
    },
  ];
}

function configView(parts: AdminParts): unknown {
  const config = parts.config();
  return {
    version: parts.version,
    source: config.source,
    config_error: parts.configError?.(),
    rules: rulesView(config, parts),
    responses: config.exact.size,
    default: { text: config.fallback.text, place: config.fallback.place },
    models: config.models.map(({ id }) => id),
    keys: config.keys?.length,
    paces: Object.keys(config.paces),
    settings: settingsView(config),
  };
}

function rulesView(
  { rules }: Config,
  { coverage, shared }: AdminParts,
): unknown {
  const shown = rules.slice(0, COVERAGE_SHOWN_MAX);
  return shown.map(({ name, place }) => ({
    name,
    place,
    hits: shared === undefined ? coverage.hits(name) : undefined,
  }));
}

/** Named one by one: what may join the settings later may be a secret. */
function settingsView({ settings }: Config): unknown {
  return {
    stream_by: settings.cut,
    pace: snakeKeys(settings.pace),
    reasoning_content: settings.reasoningContent,
    tokenizer: settings.tokenizer,
    strict: settings.strict,
    known_models_only: settings.knownModelsOnly,
    seed: settings.seed,
    headers: settings.fullHeaders ? "full" : "provider",
    max_body_bytes: settings.bodyBytesMax,
  };
}

async function reload({ reload, config }: AdminParts): Promise<AdminAnswer> {
  if (reload === undefined) {
    throw new AdminError(
      409,
      "There is no file to read again: this server was not started with one",
    );
  }
  const { ok, problems } = await reload();
  const told = problems.map(problemView);
  const { source } = config();
  if (!ok) {
    const message = `${source} cannot be used. What was in force stays`;
    throw new AdminError(422, message, { problems: told });
  }
  return {
    status: 200,
    body: { source, warnings: told.length === 0 ? undefined : told },
  };
}
