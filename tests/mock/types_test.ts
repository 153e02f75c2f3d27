// The types that programs write rules by say what the configuration takes: the compiler judges.

import type { CheckedPace } from "../../lib/config/pace_shape.ts";
import type { CheckedError } from "../../lib/config/failures.ts";
import type { CheckedContent } from "../../lib/config/reply_shape.ts";
import type { CheckedRule } from "../../lib/config/rule_shape.ts";
import type { CheckedSettings } from "../../lib/config/settings_shape.ts";
import type { Field } from "../../lib/match/rule.ts";
import type {
  MockConditions,
  MockContent,
  MockFailure,
  MockPace,
  MockRule,
  MockSettings,
} from "../../main.ts";

/** `true` where two types have the same keys. */
type SameKeys<One, Other> = [keyof One] extends [keyof Other]
  ? [keyof Other] extends [keyof One] ? true : false
  : false;

Deno.test("every key of a rule, condition, reply, error, pace and of the settings has a type, and no other", () => {
  const same: readonly [
    SameKeys<MockRule, CheckedRule & { when: unknown }>,
    SameKeys<MockConditions, Record<Field, unknown>>,
    SameKeys<MockContent, CheckedContent>,
    SameKeys<MockFailure, CheckedError & { headers: unknown }>,
    SameKeys<MockPace, CheckedPace>,
    SameKeys<MockSettings, CheckedSettings>,
  ] = [true, true, true, true, true, true];
  void same;
});
