import {
  buildSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  graphql,
  parse,
  validate,
} from "graphql";
import sdl from "../../../../graphql/schema.graphql?raw";
import { rootOf } from "./root";
import { newWorld } from "./story";
import type { World } from "./world";

/**
 * A stand-in for the service's GraphQL door: the committed schema over a shop in memory.
 * Tests put it behind `fetch`, the development pages behind the dev server.
 */
export class MockServer {
  readonly world: World = newWorld();
  /** Tokens that are answered with 401. */
  readonly expired = new Set<string>();
  /** Names and variables of the operations answered, oldest first. */
  readonly calls: { name: string; variables: Record<string, unknown> }[] = [];
  /** The network is down: nothing comes here, and nothing leaves. */
  unreachable = false;
  /** Operations that are done, and whose answers get lost on their way back; once for each mention. */
  readonly losing: string[] = [];
  /** Called when an answer has got lost. */
  onLost: () => void = () => {};
  /** How many requests got 401. */
  refused = 0;
  private readonly schema: GraphQLSchema = buildSchema(sdl);

  async answer(request: Request): Promise<Response> {
    if (this.unreachable) {
      throw new TypeError("Failed to fetch");
    }
    const token = (request.headers.get("Authorization") ?? "").replace("Bearer ", "");
    if (token === "" || this.expired.has(token)) {
      this.refused += 1;
      const errors = [{ message: "Token expired", extensions: { code: "UNAUTHENTICATED" } }];
      return Response.json({ errors }, { status: 401 });
    }
    const { query, variables } = await readOperation(request);
    const result = await this.run(query, variables);
    const lost = this.losing.indexOf(operationName(parse(query)));
    if (lost >= 0) {
      this.losing.splice(lost, 1);
      this.onLost();
      throw new TypeError("Failed to fetch");
    }
    return Response.json(result, { headers: { "X-Request-Id": `mock-${this.calls.length}` } });
  }

  private async run(query: string, variables: Record<string, unknown>) {
    const document = parse(query);
    const problems = validate(this.schema, document);
    if (problems.length > 0) {
      return { errors: problems.map((problem) => problem.toJSON()) };
    }
    this.calls.push({ name: operationName(document), variables });
    return graphql({
      schema: this.schema,
      source: query,
      variableValues: variables,
      rootValue: rootOf(this.world),
      typeResolver: () => {
        throw new GraphQLError("No interface is queried");
      },
    });
  }
}

function operationName(document: DocumentNode): string {
  const operation = document.definitions.find((one) => one.kind === "OperationDefinition");
  return operation?.kind === "OperationDefinition" ? (operation.name?.value ?? "") : "";
}

interface Operation {
  query: string;
  variables: Record<string, unknown>;
}

async function readOperation(request: Request): Promise<Operation> {
  if (!(request.headers.get("Content-Type") ?? "").startsWith("multipart/form-data")) {
    return (await request.json()) as Operation;
  }
  const form = await request.formData();
  const operation = JSON.parse(String(form.get("operations"))) as Operation;
  const map = JSON.parse(String(form.get("map"))) as Record<string, string[]>;
  for (const [key, paths] of Object.entries(map)) {
    for (const path of paths) {
      const keys = path.split(".");
      const last = keys.pop() ?? "";
      // The map speaks of places inside the operation; each step of the way exists by the specification.
      let holder = operation as unknown as Record<string, Record<string, unknown>>;
      for (const step of keys) {
        holder = holder[step] as Record<string, Record<string, unknown>>;
      }
      (holder as Record<string, unknown>)[last] = form.get(key);
    }
  }
  return operation;
}
