/**
 * Every bound of the server, named with its unit.
 *
 * @module
 */

/** Largest request body taken unless `settings.max_body_bytes` says otherwise. */
export const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** How many times its size a compressed body may unpack to. */
export const BODY_RATIO_MAX = 100;

/** What any compressed body may unpack to, whatever the ratio. */
export const BODY_RATIO_FREE_BYTES = 1024 * 1024;

/** Deepest nesting of a JSON body. */
export const JSON_DEPTH_MAX = 512;

/** Longest a request body may take to arrive. */
export const BODY_MS_MAX = 30_000;

/** Largest configuration file. */
export const CONFIG_BYTES_MAX = 4 * 1024 * 1024;

/** Longest the reading of a configuration file may take, once requests are served. */
export const CONFIG_READ_MS_MAX = 10_000;

/** Longest first configuration read by the process that will serve it. */
export const CONFIG_HERE_BYTES_MAX = 64 * 1024;

/** Longest the taking in of a new configuration keeps requests waiting at a time. */
export const ADOPT_MS_MAX = 2;

/** Most aliases expanded in one configuration file. */
export const CONFIG_ALIASES_MAX = 100;

/** Most problems reported for one configuration file; the rest are counted. */
export const PROBLEMS_MAX = 100;

/** How much of a stream goes out at once, in UTF-16 code units; a single chunk is never split. */
export const WRITE_CHARS_MAX = 64 * 1024;

/** Lateness up to which a stream catches up; beyond it the stream is re-anchored. */
export const CATCH_UP_MS_MAX = 1_000;

/** How early a deadline may fire to share a wake-up with its neighbours. */
export const EARLY_MS_MAX = 0.5;

/** Longest single sleep of the clock; longer waits are slept in parts. */
export const SLEEP_MS_MAX = 60_000;

/** Sessions whose request ordinals are remembered; the oldest is forgotten. */
export const SESSIONS_MAX = 10_000;

/** `X-Token-Count`: tokens in an answer. */
export const TOKEN_COUNT_RANGE = [1, 10_000] as const;

/** `X-Tokens-Per-Second`. */
export const TOKENS_PER_SECOND_RANGE = [0.1, 1_000] as const;

/** `X-Token-Length`: characters of each token. */
export const TOKEN_CHARS_RANGE = [1, 32] as const;

/** Longest value kept of a request header, in characters. */
export const HEADER_CHARS_MAX = 256;

/** Longest request URL answered, in characters. */
export const URL_CHARS_MAX = 8_192;

/** How long open replies may go on after SIGTERM unless `--drain-timeout` says otherwise. */
export const DRAIN_SECONDS_DEFAULT = 9;

/** How long cut streams may take to say so after the drain time. */
export const FAREWELL_MS_MAX = 500;

/** How often at most the log tells that requests meet the same limit. */
export const LIMIT_NOTICE_MS_MIN = 60_000;

/** How often at most a worker tells its parent that requests meet the same limit. */
export const LIMIT_PASS_ON_MS_MIN = 1_000;

/** Most symbolic links followed to the configuration file. */
export const CONFIG_LINKS_MAX = 40;

/** Deepest nesting of a configuration file. */
export const CONFIG_DEPTH_MAX = 64;

/** Most entries that merges (`<<`) may bring into one configuration file. */
export const CONFIG_MERGED_MAX = 100_000;

/** First wait before a worker that ended is started again. */
export const RESTART_MS_MIN = 100;

/** Longest wait before a worker that ended is started again. */
export const RESTART_MS_MAX = 5_000;

/** Most output that waits for a reader of standard output or error; the rest is lost and counted. */
export const OUTPUT_QUEUE_BYTES_MAX = 1024 * 1024;

/** Most request lines that wait to be written. */
export const LOG_WAITING_MAX = 10_000;

/** Longest reason of a refusal in a request line, in characters. */
export const LOG_ERROR_CHARS_MAX = 160;

/** How long Bun keeps a quiet connection, and waits for the rest of a request. */
export const IDLE_SECONDS_MAX = 30;

/** First wait before listening again when descriptors ran out. */
export const LISTEN_RETRY_MS_MIN = 20;

/** Longest wait before listening again when descriptors ran out. */
export const LISTEN_RETRY_MS_MAX = 500;

/** Longest piece of a prompt or a pattern shown in an explanation, in characters. */
export const PATTERN_SHOWN_CHARS_MAX = 60;

/** How many of the nearest rules a miss names. */
export const MISSES_SHOWN_MAX = 3;

/** Most values of one label in `/metrics`, and most models there; what comes later is `other`. */
export const LABEL_VALUES_MAX = 100;

/** Longest value of a label in `/metrics`, in UTF-16 code units. */
export const LABEL_CHARS_MAX = 128;

/** How much of a text regular expressions see, in UTF-16 code units. */
export const REGEX_INPUT_CHARS_MAX = 64 * 1024;

/** How much of a text a regular expression sees whose time may grow with the square of its length. */
export const REGEX_SLOW_INPUT_CHARS_MAX = 4 * 1024;

/** Largest text a template may make, in UTF-16 code units. */
export const TEMPLATE_CHARS_MAX = 1024 * 1024;

/** Most rounds that the loops of a template may go, all together. */
export const TEMPLATE_STEPS_MAX = 10_000;

/** Parsed templates that are kept; the one unused longest is forgotten. */
export const TEMPLATES_KEPT_MAX = 1_000;

/** Most values of a body that one JSON path may look at. */
export const JSON_PATH_NODES_MAX = 100_000;

/** Requests the journal holds; the oldest is dropped and counted. */
export const JOURNAL_ENTRIES_MAX = 1_000;

/** What the requests of the journal may take in memory together, estimated. */
export const JOURNAL_BYTES_MAX = 32 * 1024 * 1024;

/** Most requests told at once by `GET /_mock/requests`. */
export const JOURNAL_PAGE_MAX = 1_000;

/** How many requests `GET /_mock/requests` tells unless `limit` says otherwise. */
export const JOURNAL_PAGE_DEFAULT = 100;

/** Longest text of what was sent that the journal shows, in UTF-16 code units. */
export const SENT_SHOWN_CHARS_MAX = 4 * 1024 * 1024;

/** Longest prompt shown in a summary of the journal, in UTF-16 code units. */
export const SUMMARY_CHARS_MAX = 200;

/** Longest work that keeps other requests waiting, where it can rest: reading the journal, making many answers. */
export const RECOUNT_MS_MAX = 2;

/** Most requests a verification that failed shows of those it found, and most near ones. */
export const VERIFY_FOUND_MAX = 20;

/** See {@linkcode VERIFY_FOUND_MAX}. */
export const VERIFY_NEAREST_MAX = 3;

/** Most steps of an order that can be verified. */
export const VERIFY_STEPS_MAX = 100;

/** Most readers of `GET /_mock/requests/stream` at once. */
export const ADMIN_STREAMS_MAX = 16;

/** Most events that wait for a reader of `GET /_mock/requests/stream`; older ones are lost, and counted. */
export const ADMIN_EVENTS_WAITING_MAX = 1_000;

/** How often a quiet `GET /_mock/requests/stream` says that it is alive. */
export const ADMIN_KEEP_ALIVE_MS = 15_000;

/** Most rules given at run time to one session, or to everybody. */
export const OVERLAY_RULES_MAX = 1_000;

/** Most rules given at run time to all sessions together. */
export const OVERLAYS_RULES_MAX = 20_000;

/** Most names of rules, and most prompts of responses, whose use is counted. */
export const COVERAGE_NAMES_MAX = 100_000;

/** Most rules, and most responses, that `/_mock/coverage` and `/_mock/rules` list; the rest are counted. */
export const COVERAGE_SHOWN_MAX = 1_000;

/** Longest time that a pace, or `retry_after`, may name. */
export const PACE_MS_MAX = 24 * 60 * 60 * 1_000;

/** Most that the filters of a template may make on the way, in characters and items of lists. */
export const TEMPLATE_ALLOCATIONS_MAX = 64 * 1024 * 1024;

/** Most files of one folder that are read as a configuration. */
export const CONFIG_FILES_MAX = 500;

/** What the files of a configuration may hold together. */
export const CONFIG_ALL_BYTES_MAX = 32 * 1024 * 1024;

/** Deepest nesting of a template's tags. */
export const TEMPLATE_DEPTH_MAX = 64;

/** Longest text that lists and objects found by one JSON path are turned into, in UTF-16 code units; the first is whole. */
export const JSON_PATH_CHARS_MAX = 8 * 1024 * 1024;

/** Deepest nesting of a JSON path's conditions. */
export const JSON_PATH_DEPTH_MAX = 32;

/** JSON paths that are kept as read; the oldest is forgotten. */
export const JSON_PATHS_KEPT_MAX = 1_000;

/** How much of a line is kept to show a problem in it, in UTF-16 code units. */
export const PROBLEM_LINE_CHARS_MAX = 1_000;
/** Largest body of a request to `/_mock`. */
export const ADMIN_BODY_BYTES_MAX = 256 * 1024;

/** Most unmatched requests, and most refused ones, that `exec` shows at its end; equal ones count as one. */
export const OUTCOME_REQUESTS_MAX = 10;

/** Most unused rules and responses that `exec` shows at its end. */
export const OUTCOME_UNUSED_MAX = 20;

/** How often at most a plain prompt is tried with the globs of earlier rules when a configuration is checked. */
export const SHADOW_TESTS_MAX = 200_000;

/** Deepest nesting of a regular expression's groups. */
export const REGEX_DEPTH_MAX = 100;

/** Most steps a regular expression may take on the worst text it sees, as far as can be told. */
export const REGEX_STEPS_MAX = 30_000_000;

/** Most steps spent on telling whether a regular expression can run away. */
export const REGEX_JUDGED_STEPS_MAX = 1_000_000;

/** Longest regular expression. */
export const REGEX_CHARS_MAX = 4_000;

/** Texts whose number of tokens is remembered. */
export const TOKENS_TEXTS_MAX = 256;

/** Longest of them, in characters. */
export const TOKENS_CHARS_MAX = 8_192;

/** How long a process that was begun to read a configuration waits for one. */
export const PREPARED_MS_MAX = 2_000;
/** Longest value of a request that a complaint about it repeats, in UTF-16 code units. */
export const VALUE_SHOWN_CHARS_MAX = 100;

/** Most tool uses without a result that a complaint names. */
export const IDS_SHOWN_MAX = 100;

/** Most parts of a request's JSON Schema that are looked through for the names it gives them. */
export const SCHEMA_NODES_MAX = 20_000;

/** How much of the descriptions in a request's JSON Schema is searched for keywords, in UTF-16 code units. */
export const SCHEMA_DESCRIBED_CHARS_MAX = 50_000;

/** Most steps spent on judging one answer by a request's JSON Schemas; what is left then is not judged. */
export const SCHEMA_STEPS_MAX = 50_000;

/** Deepest nesting of schemas, references followed, that values are judged by or made for. */
export const SCHEMA_DEPTH_MAX = 300;

/** Longest reference of a request's JSON Schema that is followed, in UTF-16 code units. */
export const SCHEMA_REFERENCE_CHARS_MAX = 1_000;

/** Most types that one part of a request's JSON Schema names; those after them are passed over. */
export const SCHEMA_TYPES_MAX = 16;

/** Most different patterns, and formats, of one value that \`auto\` heeds. */
export const AUTO_PATTERNS_MAX = 16;

/** Most steps that \`auto\` spends on one answer: on making values, and on judging them. */
export const AUTO_STEPS_MAX = 100_000;

/** Most steps that \`auto\` spends on one text of a pattern. */
export const AUTO_PATTERN_STEPS_MAX = 20_000;

/** Most steps spent on telling which patterns of a request's JSON Schema are safe, all of one judgement together. */
export const SCHEMA_PATTERN_STEPS_MAX = 400_000;

/** Most steps that such a pattern may take on the worst text it sees to count as a fast one. */
export const SCHEMA_PATTERN_FAST_STEPS_MAX = 50_000;

/** Most steps that such a pattern may take on the worst text it sees. */
export const SCHEMA_PATTERN_SLOW_STEPS_MAX = 2_000_000;

/** Longest pattern of a request's JSON Schema that is tried. */
export const SCHEMA_PATTERN_CHARS_MAX = 1_000;

/** Longest text that such a pattern is tried on. */
export const SCHEMA_PATTERN_TEXT_CHARS_MAX = 1_000;

/** Most different patterns tried while one value is judged. */
export const SCHEMA_PATTERNS_MAX = 16;

/** Such patterns that are kept as read. */
export const SCHEMA_PATTERNS_KEPT_MAX = 500;

/** Most violations of a schema that the journal tells of one answer. */
export const VIOLATIONS_MAX = 20;

/** Most values of which `auto` makes one answer, all its attempts together. */
export const AUTO_VALUES_MAX = 5_000;

/** How often `auto` tries to make a value that its schema takes. */
export const AUTO_ATTEMPTS_MAX = 20;

/** Most text that `auto` puts into one answer, in UTF-16 code units. */
export const AUTO_CHARS_MAX = 256 * 1024;

/** Longest list, and most properties beyond those named, that `auto` makes. */
export const AUTO_ITEMS_MAX = 1_000;

/** How long the quotas that rate-limit headers tell of take to fill up again, once they are used up. */
export const QUOTA_MS = 60_000;

/** API keys of one dialect whose use of their quotas is remembered; the oldest is forgotten. */
export const QUOTA_KEYS_MAX = 1_000;

/** How much of a text is looked at for the next piece to encode, in UTF-16 code units. */
export const TOKENIZER_WINDOW_CHARS = 4 * 1024;

/** Pieces whose tokens a tokenizer remembers. */
export const TOKENIZER_PIECES_MAX = 8_192;

/** Longest of them, in UTF-16 code units. */
export const TOKENIZER_PIECE_CHARS_MAX = 64;

/** Most likelihoods that one whole body tells, those of alternatives included: about 100 MB of it. */
export const LOGPROBS_TOLD_MAX = 500_000;

/** Most steps that the search for stop strings may take: characters of the answer times those of the strings. */
export const STOP_STEPS_MAX = 2_000_000_000;

/** What several answers to one request may hold together where they are made at once, in UTF-16 code units. */
export const CHOICES_CHARS_MAX = 16 * 1024 * 1024;

/** How much of an image in base64 is searched for its size. */
export const MEDIA_HEAD_CHARS_MAX = 64 * 1024;

/** Longest a stream whose reader takes all goes on before others have their turn. */
export const TURN_MS_MAX = 10;

/** How much of a question, and of an answer, a vocabulary counts; the rest is estimated. In UTF-16 code units. */
export const TOKENS_EXACT_CHARS_MAX = 256 * 1024;

/** Longest API key by which quotas are remembered as it is, in UTF-16 code units; of a longer one a number is kept. */
export const QUOTA_KEY_CHARS_MAX = 200;

/** Shortest part of a text by which the estimate of the rest is corrected, in UTF-16 code units. */
export const TOKENS_SAMPLE_CHARS_MIN = 1_024;
