/**
 * Generates src/gql/ from the committed GraphQL schema and the `.graphql` documents of the features.
 *
 * `types.ts` holds every operation's types (erased at build time); beside it stands one module per
 * document file, so that a bundle carries the text of its own operations only. Every document is
 * validated against the schema first: a renamed field fails here, with its file and line.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { codegen } from "@graphql-codegen/core";
import * as typescriptOperations from "@graphql-codegen/typescript-operations";
import {
  buildSchema,
  GraphQLError,
  Kind,
  parse,
  print,
  Source,
  stripIgnoredCharacters,
  validate,
  visit,
} from "graphql";

const root = fileURLToPath(new URL("..", import.meta.url));
const schemaPath = join(root, "../graphql/schema.graphql");
const out = join(root, "src/gql");

const SCALARS = {
  ID: "string",
  Date: "string",
  DateTime: "string",
  Decimal: "string",
  JSONString: "string",
  Upload: "File",
};

function documentFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".graphql"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** The fragments that a definition needs, its fragments' fragments included. */
function fragmentsOf(definition, all, found = new Map()) {
  visit(definition, {
    FragmentSpread(node) {
      const name = node.name.value;
      const fragment = all.get(name);
      if (fragment && !found.has(name)) {
        found.set(name, fragment);
        fragmentsOf(fragment, all, found);
      }
    },
  });
  return found;
}

function moduleFor(file, document, fragments) {
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const types = operations.flatMap((one) => {
    const name = typeName(one);
    return [name, `${name}Variables`];
  });
  const lines = [
    `// Generated from ${relative(root, file)} by scripts/codegen.mjs.`,
    'import type { TypedDocument } from "../lib/document";',
    `import type { ${types.join(", ")} } from "./types";`,
    "",
  ];
  for (const operation of operations) {
    const parts = [operation, ...fragmentsOf(operation, fragments).values()];
    const text = stripIgnoredCharacters(parts.map((part) => print(part)).join("\n"));
    const name = typeName(operation);
    lines.push(
      `export const ${operation.name.value}Document = ${JSON.stringify(text)} as TypedDocument<${name}, ${name}Variables>;`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function typeName(operation) {
  const kind = operation.operation;
  return `${operation.name.value}${kind[0].toUpperCase()}${kind.slice(1)}`;
}

const schema = buildSchema(readFileSync(schemaPath, "utf8"));
const files = documentFiles(join(root, "src"));
const documents = files.map((file) => ({
  location: file,
  document: parse(new Source(readFileSync(file, "utf8"), relative(root, file))),
}));
const whole = { kind: Kind.DOCUMENT, definitions: documents.flatMap((one) => one.document.definitions) };
const problems = validate(schema, whole);
if (problems.length > 0) {
  for (const problem of problems) {
    console.error(problem instanceof GraphQLError ? problem.toString() : problem);
  }
  process.exit(1);
}

const fragments = new Map(
  whole.definitions
    .filter((one) => one.kind === Kind.FRAGMENT_DEFINITION)
    .map((one) => [one.name.value, one]),
);
const types = await codegen({
  filename: "types.ts",
  schema: parse(readFileSync(schemaPath, "utf8")),
  documents,
  config: {
    scalars: SCALARS,
    enumType: "string-literal",
    enumsAsTypes: true,
    skipTypename: true,
    useTypeImports: true,
    onlyOperationTypes: true,
    avoidOptionals: { field: true },
    dedupeFragments: true,
  },
  plugins: [{ operations: {} }],
  pluginMap: { operations: typescriptOperations },
});

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, "types.ts"), types);
for (const { location, document } of documents) {
  if (document.definitions.some((one) => one.kind === Kind.OPERATION_DEFINITION)) {
    writeFileSync(
      join(out, `${basename(location, ".graphql")}.ts`),
      moduleFor(location, document, fragments),
    );
  }
}
console.log(`Generated src/gql from ${files.length} document files.`);
