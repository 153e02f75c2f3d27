/**
 * The routes under `/_mock`: what the server knows, and what can be changed while it runs.
 *
 * Does not know who may ask: the guard of `lib/wire` has let the request pass.
 *
 * @module
 */

import { configRoutes } from "./config.ts";
import { coverageRoutes } from "./coverage.ts";
import { refusalOf } from "./refuse.ts";
import { requestsRoutes } from "./requests.ts";
import { resetRoutes } from "./reset.ts";
import {
  type AdminAnswer,
  type AdminAsk,
  AdminError,
  type AdminParts,
  type AdminRoute,
} from "./route.ts";
import { rulesRoutes } from "./rules.ts";
import { verifyRoutes } from "./verify.ts";

export type { AdminAnswer, AdminAsk, AdminParts, AdminRoute };
export { askOf, bodyText } from "./ask.ts";
export { defectAnswer, refusalOf } from "./refuse.ts";

/** Every route. They refuse what is wrong with a request by themselves, and throw only what is a defect. */
export function adminRoutes(parts: AdminParts): readonly AdminRoute[] {
  const routes = [
    ...requestsRoutes(parts),
    ...verifyRoutes(parts),
    ...rulesRoutes(parts),
    ...coverageRoutes(parts),
    ...resetRoutes(parts),
    ...configRoutes(parts),
  ];
  const all = [indexRoute(parts, routes), ...routes];
  return all.map((route) => guarded(route, parts.shared));
}

/** What there is. */
function indexRoute(
  { version }: AdminParts,
  routes: readonly AdminRoute[],
): AdminRoute {
  return {
    route: "GET /_mock",
    does: "this list",
    shared: false,
    answer: () => ({
      status: 200,
      body: {
        service: "mock-llm-server",
        version,
        routes: Object.fromEntries(
          routes.map(({ route, does }) => [route, does]),
        ),
      },
    }),
  };
}

/** Refuses what several processes would have to share, and words what is thrown. */
function guarded(route: AdminRoute, reason: string | undefined): AdminRoute {
  return {
    ...route,
    answer: async (ask: AdminAsk): Promise<AdminAnswer> => {
      try {
        if (route.shared && reason !== undefined) {
          throw new AdminError(409, reason);
        }
        return await route.answer(ask);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        return refusal;
      }
    },
  };
}
