import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Plugin } from "vite";
import { runnerImport } from "vite";

type Mock = { answer: (request: Request) => Promise<Response> };
type Shell = (entry: "app" | "widget", url: string) => Promise<string>;

/** What the service sends with the real pages; the built app is looked at under the same rules. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob: https:; " +
  "connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'";
const SCREENS = /^\/(inbox|returns|repairs|parts|packing|receiving|settings|popup|widgets)(\/|$)/;
const ENTRIES = { app: "src/app/main.tsx", widget: "src/app/widget.tsx" };

/**
 * A stand-in for the Dashboard and the service, for work on the dashboard alone.
 *
 * `/dev?path=/inbox&theme=dark&locale=ja` frames a screen and speaks App Bridge with it; `/graphql/`
 * answers from a shop in memory. `npm run dev` serves the sources, `npm run preview` the build under
 * the real Content-Security-Policy. Nothing of this reaches the build.
 */
export function devHost(): Plugin {
  return {
    name: "dev-host",
    configureServer(server) {
      server.middlewares.use(
        handler(
          async () => new (await server.ssrLoadModule("/src/testing/mock/server.ts")).MockServer() as Mock,
          (entry, url) =>
            server.transformIndexHtml(url, page(`<script type="module" src="/${ENTRIES[entry]}"></script>`)),
        ),
      );
    },
    configurePreviewServer(server) {
      const { root, build } = server.config;
      server.middlewares.use(
        handler(
          async () => {
            const path = join(root, "src/testing/mock/server.ts");
            const { module } = await runnerImport<{ MockServer: new () => Mock }>(path);
            return new module.MockServer();
          },
          async (entry) => page(builtTags(build.outDir, ENTRIES[entry]), CSP_MARK),
        ),
      );
    },
  };
}

const CSP_MARK = "<!-- built -->";

function handler(newMock: () => Promise<Mock>, shell: Shell) {
  let mock: Promise<Mock> | undefined;
  return (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => {
    const url = new URL(request.url ?? "/", "http://dev");
    const screen = SCREENS.exec(url.pathname);
    if (url.pathname === "/graphql/") {
      mock ??= newMock();
      mock.then((server) => answer(server, request, response)).catch(next);
    } else if (url.pathname === "/dev") {
      send(response, "text/html", HOST_PAGE);
    } else if (url.pathname === "/dev/host.js") {
      send(response, "text/javascript", readFileSync(new URL("./host-page.js", import.meta.url), "utf8"));
    } else if (screen) {
      shell(screen[1] === "widgets" ? "widget" : "app", url.pathname)
        .then((html) => send(response, "text/html", html))
        .catch(next);
    } else {
      next();
    }
  };
}

function send(response: ServerResponse, type: string, body: string): void {
  response.setHeader("Content-Type", `${type}; charset=utf-8`);
  response.setHeader("Cache-Control", "no-store");
  if (body.includes(CSP_MARK)) {
    response.setHeader("Content-Security-Policy", CSP);
  }
  response.end(body);
}

async function answer(mock: Mock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    headers.set(name, String(value));
  }
  const body = Buffer.concat(chunks);
  const result = await mock.answer(new Request("http://dev/graphql/", { method: "POST", headers, body }));
  response.statusCode = result.status;
  result.headers.forEach((value, name) => {
    response.setHeader(name, value);
  });
  response.end(Buffer.from(await result.arrayBuffer()));
}

const page = (tags: string, mark = ""): string =>
  `<!doctype html>${mark}<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
  `<title>Aftercare</title>${tags}</head><body><div id="root"></div></body></html>`;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
}

/** The tags of an entry: its style sheets, those of the chunks it imports, and its script. */
function builtTags(outDir: string, entry: string): string {
  const manifest = JSON.parse(readFileSync(join(outDir, ".vite/manifest.json"), "utf8")) as Record<
    string,
    Chunk
  >;
  const seen = new Set<string>();
  const styles: string[] = [];
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (chunk && !seen.has(key)) {
      seen.add(key);
      chunk.imports?.forEach(visit);
      styles.push(...(chunk.css ?? []));
    }
  };
  visit(entry);
  const links = [...new Set(styles)].map((file) => `<link rel="stylesheet" href="/${file}">`);
  return [...links, `<script type="module" src="/${manifest[entry]?.file}"></script>`].join("");
}

const HOST_PAGE =
  '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">' +
  "<title>Stand-in for the Dashboard</title><style>html,body{margin:0;height:100%;overflow:hidden}" +
  "iframe{display:block;width:100%;height:100%;border:0}</style></head>" +
  '<body><script type="module" src="/dev/host.js"></script></body></html>';
