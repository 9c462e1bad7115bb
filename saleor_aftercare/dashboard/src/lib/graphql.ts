import { authFetch } from "./auth-fetch";
import { isReplaced, learnBuild } from "./build";
import { learnTime } from "./clock";
import type { TypedDocument } from "./document";
import type { Transport } from "./transport";

const ENDPOINT = "/graphql/";

/** The person may not do this; `code` is Saleor's and ours: PERMISSION_DENIED and the like. */
export class GraphQLFailure extends Error {
  override name = "GraphQLFailure";

  constructor(
    message: string,
    readonly code: string | undefined,
    readonly requestId: string | undefined,
  ) {
    super(message);
  }
}

/** The code of what this page may no longer ask since another build of it has taken its place. */
export const OUTDATED = "OUTDATED";

/** What something between us and the service says of a request that may well do a moment later. */
const PASSING = new Set([408, 425, 429]);

/** The service did not answer, or not with GraphQL; trying again later may help. */
export class ServiceUnavailable extends Error {
  override name = "ServiceUnavailable";
  /** Whether the very same request may do better later: not where a proxy finds it too large, say. */
  readonly passing: boolean;

  constructor(
    readonly requestId?: string,
    status = 0,
  ) {
    super("service unavailable");
    this.passing = status < 400 || status >= 500 || PASSING.has(status);
  }
}

interface Answer<Result> {
  data?: Result | null;
  errors?: { message: string; extensions?: { code?: string; exception?: { code?: string } } }[];
}

/** Runs one operation, by another way than `fetch` if one is given. Throws SessionExpired, GraphQLFailure or ServiceUnavailable. */
export async function execute<Result, Variables>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
  transport?: Transport,
): Promise<Result> {
  const response = await post(body(document, variables), signal, transport);
  learnTime(response.headers);
  learnBuild(response.headers);
  const requestId = response.headers.get("X-Request-Id") ?? undefined;
  const answer = await parse<Result>(response, requestId);
  const problem = answer.errors?.[0];
  if (problem) {
    const code = problem.extensions?.code ?? problem.extensions?.exception?.code;
    // 400 is what a document gets that the schema does not know.
    const outdated = response.status === 400 && (await isReplaced());
    throw new GraphQLFailure(problem.message, outdated ? OUTDATED : code, requestId);
  }
  if (!answer.data) {
    throw new ServiceUnavailable(requestId, response.status);
  }
  return answer.data;
}

async function post(
  init: RequestInit,
  signal: AbortSignal | undefined,
  transport: Transport | undefined,
): Promise<Response> {
  try {
    return await authFetch(ENDPOINT, { method: "POST", ...init, ...(signal ? { signal } : {}) }, transport);
  } catch (error) {
    // `fetch` rejects with a TypeError when the network is down.
    if (error instanceof TypeError) {
      throw new ServiceUnavailable();
    }
    throw error;
  }
}

async function parse<Result>(response: Response, requestId: string | undefined): Promise<Answer<Result>> {
  try {
    return (await response.json()) as Answer<Result>;
  } catch {
    throw new ServiceUnavailable(requestId, response.status);
  }
}

/** JSON, or the GraphQL multipart request when files are among the variables. */
function body(query: string, variables: unknown): RequestInit {
  const files: { path: string; file: File }[] = [];
  const plain = withoutFiles(variables, "variables", files);
  const operation = JSON.stringify({ query, variables: plain });
  if (files.length === 0) {
    return { body: operation, headers: { "Content-Type": "application/json" } };
  }
  const form = new FormData();
  form.append("operations", operation);
  form.append(
    "map",
    JSON.stringify(Object.fromEntries(files.map(({ path }, index) => [String(index), [path]]))),
  );
  for (const [index, { file }] of files.entries()) {
    form.append(String(index), file, file.name);
  }
  return { body: form };
}

function withoutFiles(value: unknown, path: string, files: { path: string; file: File }[]): unknown {
  if (value instanceof File) {
    files.push({ path, file: value });
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((one, index) => withoutFiles(one, `${path}.${index}`, files));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, withoutFiles(one, `${path}.${key}`, files)]),
    );
  }
  return value;
}
