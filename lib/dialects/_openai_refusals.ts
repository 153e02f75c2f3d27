/**
 * Every way in which OpenAI refuses: status, type, code and words.
 *
 * @module
 */

import type { Failure, FailureKind } from "../core/reply.ts";
import {
  goDuration,
  REQUESTS_PER_MINUTE,
  TOKENS_PER_MINUTE,
} from "./_openai_headers.ts";
import { type Refusal, retryMsOf } from "./dialect.ts";

/** One way of refusing. */
export interface Row {
  /** HTTP status. */
  readonly status: number;
  /** `type`, where it does not follow from the status. */
  readonly type?: string;
  /** `code`, where there is one. */
  readonly code?: string;
  /** `param`, where it is always the same. */
  readonly field?: string;
  /** What is said where nobody else has words. */
  readonly words?: string | ((failure: Failure) => string);
  /** Whether that is said whatever others would say. */
  readonly always?: boolean;
}

const SERVER_ERROR =
  "The server had an error while processing your request. Sorry about that!";

/** All of them. */
export const ROWS: Readonly<Record<FailureKind, Row>> = {
  "bad-request": { status: 400, words: "The request is invalid" },
  "bad-json": {
    status: 400,
    words:
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring out how to fix this, please contact us through our help center at help.openai.com.)",
    always: true,
  },
  "no-key": {
    status: 401,
    words:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",
  },
  "invalid-key": {
    status: 401,
    code: "invalid_api_key",
    words: ({ subject = "sk-mock" }) =>
      `Incorrect API key provided: ${subject}. You can find your API key at https://platform.openai.com/account/api-keys.`,
  },
  "forbidden": {
    status: 403,
    code: "unsupported_country_region_territory",
    words: "Country, region, or territory not supported",
  },
  "unknown-path": { status: 404, words: "Not found" },
  "unknown-model": {
    status: 404,
    code: "model_not_found",
    words: ({ subject }) =>
      `The model \`${subject}\` does not exist or you do not have access to it.`,
  },
  "no-match": { status: 404 },
  "method-not-allowed": {
    status: 405,
    code: "method_not_supported",
    words: "Not allowed to POST on /v1/chat/completions",
  },
  "timeout": { status: 408, words: "The request timed out" },
  "conflict": {
    status: 409,
    words: "The resource was updated by another request",
  },
  "too-large": { status: 413, words: "The request is too large" },
  "unsupported-media": { status: 415, words: "Unsupported media type" },
  "unprocessable": {
    status: 422,
    words: "Unable to process the request despite the format being correct",
  },
  "context-length": {
    status: 400,
    code: "context_length_exceeded",
    field: "messages",
    words: contextWords,
  },
  "max-output": {
    status: 400,
    code: "invalid_value",
    field: "max_tokens",
    words: ({ field = "max_tokens", tokens }) =>
      `${field} is too large: ${tokens?.answer}. This model supports at most ${tokens?.max} completion tokens, whereas you provided ${tokens?.answer}.`,
  },
  "rate-limit": {
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    words: (failure) =>
      rateWords(failure, "requests per min (RPM)", REQUESTS_PER_MINUTE, 1),
  },
  "token-rate-limit": {
    status: 429,
    type: "tokens",
    code: "rate_limit_exceeded",
    words: (failure) =>
      rateWords(failure, "tokens per min (TPM)", TOKENS_PER_MINUTE, 1_000),
  },
  "insufficient-quota": {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    words:
      "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
  },
  "billing": {
    status: 429,
    type: "billing_not_active",
    code: "billing_not_active",
    words:
      "Your account is not active, please check your billing details on our website.",
  },
  "spend-limit": {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    words:
      "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.",
  },
  "internal": { status: 500 },
  "broken-rule": { status: 500 },
  "server-error": { status: 500, words: SERVER_ERROR },
  "shutting-down": { status: 503 },
  "overloaded": {
    status: 503,
    type: "service_unavailable_error",
    words: "The engine is currently overloaded, please try again later",
  },
  "gateway-timeout": { status: 504, words: SERVER_ERROR },
};

/** What stands in front of OpenAI says when it has waited too long: no envelope, and no JSON. */
export const EDGE_TIMEOUT: Omit<Refusal, "status"> = {
  type: "text/html; charset=UTF-8",
  body:
    "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway Time-out</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n",
};

function contextWords({ tokens }: Failure): string {
  const { max, prompt, answer } = tokens ?? { max: 128_000, prompt: 130_000 };
  const most = `This model's maximum context length is ${max} tokens. However,`;
  return answer === undefined
    ? `${most} your messages resulted in ${prompt} tokens. Please reduce the length of the messages.`
    : `${most} you requested ${
      (prompt ?? 0) + answer
    } tokens (${prompt} in the messages, ${answer} in the completion). Please reduce the length of the messages or completion.`;
}

function rateWords(
  failure: Failure,
  what: string,
  limit: number,
  asked: number,
): string {
  const { subject: model = "this model" } = failure;
  const wait = goDuration(retryMsOf(failure) ?? 60_000 / REQUESTS_PER_MINUTE);
  return `Rate limit reached for ${model} in organization org-mockllm on ${what}: Limit ${limit}, Used ${limit}, Requested ${asked}. Please try again in ${wait}. Visit https://platform.openai.com/account/rate-limits to learn more.`;
}
