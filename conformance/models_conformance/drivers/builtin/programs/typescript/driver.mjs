// Drives the npm package @anthropic-ai/sdk over the driver protocol: one JSON object a line, in and out.

import { readFileSync } from "node:fs";

// Standard output belongs to the protocol; whatever the library prints goes to standard error. This file loads the
// library only after that, hence the dynamic import.
const send = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
const { default: Anthropic } = await import("@anthropic-ai/sdk");

const manifest = new URL("./node_modules/@anthropic-ai/sdk/package.json", import.meta.url);
const { name: client, version } = JSON.parse(readFileSync(manifest, "utf8"));

const SURFACES = {
  models: (anthropic) => anthropic.models,
  "beta.models": (anthropic) => anthropic.beta?.models,
};

// The fetch that this release picks for itself (node-fetch before 0.50, the global one since).
const ownFetch = new Anthropic({ apiKey: "none" }).fetch ?? globalThis.fetch;

// Whether a request left during the current call: an error before that is the caller's argument refused.
let sent = false;

const clients = new Map();

function clientFor(connect) {
  const key = JSON.stringify(connect);
  let anthropic = clients.get(key);
  if (anthropic === undefined) {
    anthropic = new Anthropic({
      baseURL: connect.base_url,
      apiKey: connect.api_key,
      timeout: Math.round(connect.timeout_s * 1000),
      maxRetries: connect.max_retries ?? undefined,
      fetch: (...request) => {
        sent = true;
        return ownFetch(...request);
      },
    });
    // Sockets are pooled outside the client, so one that is dropped here costs nothing but its object.
    if (clients.size >= 64) clients.delete(clients.keys().next().value);
    clients.set(key, anthropic);
  }
  return anthropic;
}

// JavaScript has no signatures to look at, and an argument that a release does not know lands in the query or
// nowhere. So each surface is called once with a fetch that sends nothing, to see whether its header comes out.
async function sends(surface, name, call) {
  let header = null;
  const anthropic = new Anthropic({
    baseURL: "http://127.0.0.1:9",
    apiKey: "none",
    maxRetries: 0,
    fetch: async (_url, init) => {
      header = new Headers(init.headers).get(name);
      throw new Error("nothing is sent");
    },
  });
  await call(SURFACES[surface](anthropic)).catch(() => undefined);
  return header !== null;
}

const surfaces = Object.keys(SURFACES).filter((name) => SURFACES[name](new Anthropic({ apiKey: "none" })));
const betas = { list: new Set(), retrieve: new Set() };
for (const surface of surfaces) {
  const beta = "anthropic-beta";
  if (await sends(surface, beta, (models) => models.list({ betas: ["x"] }))) betas.list.add(surface);
  if (await sends(surface, beta, (models) => models.retrieve("x", { betas: ["x"] }))) betas.retrieve.add(surface);
}

// Parameters beyond the protocol's four, by their names on the wire, and what the library calls them. Any release would
// put an array that it does not know into the query: the header that came with it tells whether it is known.
const FURTHER = { "lifecycle[]": "lifecycle", "anthropic-workspace-id": "workspace_id" };
let takesFurther = surfaces.length > 0;
for (const surface of surfaces) {
  const known = await sends(surface, "anthropic-workspace-id", (models) => models.list({ workspace_id: "x" }));
  takesFurther = takesFurther && known;
}

function hello() {
  const betasOn = surfaces.filter((name) => betas.list.has(name) || betas.retrieve.has(name));
  const capabilities = ["walk", "raw_ids", ...(betasOn.length > 0 ? ["betas"] : []), ...(takesFurther ? ["params"] : [])];
  const offered = takesFurther ? { params: Object.keys(FURTHER) } : {};
  return { protocol: 1, client, version, language: "typescript", surfaces, capabilities, betas_on: betasOn, ...offered };
}

// The library hands out what the JSON held, without a check. So a string has no fields, and null throws a TypeError
// here as it does in the code of any caller.
function seen(model) {
  const { id, created_at, display_name, type, ...rest } = model;
  const extra = typeof model === "object" ? rest : {};
  const instant = ["number", "boolean"].includes(typeof created_at) ? String(created_at) : created_at;
  return { id: shown(id), created_at: shown(instant), display_name: shown(display_name), type: shown(type), extra };
}

// The protocol has no place for an object or a list where a field should be, so it is told as its JSON.
function shown(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

async function list(models, args, walk, maxItems, before) {
  if (!walk) {
    const page = await models.list(args);
    // An answer that was no JSON object is an empty page to the library (`body.data || []`), and so to its caller.
    const members = { first_id: shown(page.first_id), has_more: shown(page.has_more), last_id: shown(page.last_id) };
    return { page: { data: [...page.data].map(seen), ...members } };
  }
  for await (const model of models.list(args)) {
    before.push(seen(model));
    if (before.length >= maxItems) return { items: before, truncated: true };
  }
  return { items: before, truncated: false };
}

function kindOf(error) {
  if (error instanceof Anthropic.APIConnectionTimeoutError) return "timeout";
  if (error instanceof Anthropic.APIConnectionError) return "connection";
  if (error instanceof Anthropic.APIError && error.status !== undefined) return "status";
  if (!sent) return "argument";
  // The library passes on untouched what happens while a body is read: node-fetch tells by `type`, undici by a
  // TypeError whose cause has a code.
  if (error instanceof SyntaxError || error?.type === "invalid-json") return "decode";
  if (error?.name === "AbortError") return "timeout";
  const code = error?.cause?.code ?? error?.code;
  if (typeof code === "string") {
    if (code.startsWith("Z_")) return "decode";
    return code.includes("TIMEOUT") ? "timeout" : "connection";
  }
  return error instanceof TypeError ? "decode" : "other";
}

function raised(error) {
  const kind = kindOf(error);
  const failure = { kind, name: error?.constructor?.name ?? typeof error, message: String(error?.message ?? error) };
  if (kind !== "status") return failure;
  return { ...failure, status: error.status, error_type: text(typeOf(error)), request_id: text(requestIdOf(error)) };
}

// Of an error the library's own attributes are told, and nothing is dug out beside them. Only where a release has no
// attribute for the type, the type is read from the body that the library puts on the error, as its callers have to.
function typeOf(error) {
  return "type" in error ? error.type : error.error?.error?.type;
}

// The first releases say request_id; none lacks both.
function requestIdOf(error) {
  return "requestID" in error ? error.requestID : error.request_id;
}

function text(value) {
  return typeof value === "string" ? value : undefined;
}

async function call({ op, surface, connect, args: { params = {}, ...plain }, walk, max_items }) {
  const further = Object.entries(params).map(([name, value]) => [FURTHER[name] ?? name, value]);
  const args = { ...plain, ...Object.fromEntries(further) };
  if (!surfaces.includes(surface)) return { unsupported: `this release has no client.${surface}` };
  if (args.betas !== undefined && !betas[op].has(surface)) {
    return { unsupported: `client.${surface}.${op} of this release takes no betas` };
  }
  const before = [];
  sent = false;
  try {
    const models = SURFACES[surface](clientFor(connect));
    if (op === "list") return { ok: await list(models, args, walk, max_items ?? Infinity, before) };
    const { model_id, ...rest } = args;
    return { ok: { model: seen(await (rest.betas ? models.retrieve(model_id, rest) : models.retrieve(model_id))) } };
  } catch (error) {
    return { raised: raised(error), items_before: walk ? before : undefined };
  }
}

async function answer(line) {
  const question = JSON.parse(line);
  if (question.op === "hello") return { id: question.id, ok: hello() };
  if (question.op !== "list" && question.op !== "retrieve") return { id: question.id, fault: `no such op: ${question.op}` };
  return { id: question.id, ...(await call(question)) };
}

// Lines are split here and not by node:readline, which also splits at U+2028 and U+2029.
let rest = "";
process.stdin.setEncoding("utf8");
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) send(`${JSON.stringify(await answer(line))}\n`);
}
process.exit(0);
