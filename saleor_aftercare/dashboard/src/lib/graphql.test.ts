import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard, serve } from "@/testing/dashboard";
import type { TypedDocument } from "./document";

const DOCUMENT = "mutation Reply { x }" as TypedDocument<{ x: number }, { input: { attachments: File[] } }>;
const NO_FILES = { input: { attachments: [] } };

describe("execute", () => {
  let graphql: typeof import("./graphql");

  beforeEach(async () => {
    vi.resetModules();
    new FakeDashboard("/inbox");
    const bridge = await import("./bridge");
    graphql = await import("./graphql");
    bridge.startBridge();
    await Promise.resolve();
  });

  it("sends files by the multipart specification, each where its variable stands", async () => {
    let form = new FormData();
    serve(async (request) => {
      form = await request.formData();
      return Response.json({ data: { x: 1 } });
    });
    const attachments = [new File(["a"], "front.jpg"), new File(["b"], "写真.png")];

    const data = await graphql.execute(DOCUMENT, { input: { attachments } });

    expect(data).toEqual({ x: 1 });
    expect(JSON.parse(String(form.get("operations")))).toEqual({
      query: DOCUMENT,
      variables: { input: { attachments: [null, null] } },
    });
    expect(JSON.parse(String(form.get("map")))).toEqual({
      0: ["variables.input.attachments.0"],
      1: ["variables.input.attachments.1"],
    });
    expect((form.get("1") as File).name).toBe("写真.png");
  });

  it("tells a refusal from a service that is away", async () => {
    serve(async () =>
      Response.json({ errors: [{ message: "No", extensions: { code: "PERMISSION_DENIED" } }] }),
    );
    await expect(graphql.execute(DOCUMENT, NO_FILES)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });

    serve(
      async () =>
        new Response("<html>Bad gateway</html>", { status: 502, headers: { "X-Request-Id": "r1" } }),
    );
    await expect(graphql.execute(DOCUMENT, NO_FILES)).rejects.toMatchObject({
      name: "ServiceUnavailable",
      requestId: "r1",
    });

    serve(async () => {
      throw new TypeError("Failed to fetch");
    });
    await expect(graphql.execute(DOCUMENT, NO_FILES)).rejects.toBeInstanceOf(graphql.ServiceUnavailable);
  });

  it("tells a document that a newer service does not know from one that is simply wrong", async () => {
    const { runBuild } = await import("./build");
    const errors = [{ message: 'Cannot query field "x"', extensions: { code: "GRAPHQL_VALIDATION_FAILED" } }];
    let entry = "app-11111111.js";
    serve(async (request) =>
      request.method === "POST"
        ? Response.json({ errors }, { status: 400 })
        : new Response(`<script type="module" src="/static/${entry}"></script>`),
    );
    runBuild("https://aftercare.test/static/app-11111111.js");
    await expect(graphql.execute(DOCUMENT, NO_FILES)).rejects.toMatchObject({
      code: "GRAPHQL_VALIDATION_FAILED",
    });

    entry = "app-22222222.js";
    await expect(graphql.execute(DOCUMENT, NO_FILES)).rejects.toMatchObject({ code: graphql.OUTDATED });
  });

  it("knows which failures pass: not a request that something in between finds too large", async () => {
    const passing = async (status: number) => {
      serve(async () => new Response("<html></html>", { status }));
      const problem = await graphql.execute(DOCUMENT, NO_FILES).catch((error: unknown) => error);
      return problem instanceof graphql.ServiceUnavailable && problem.passing;
    };
    expect(await Promise.all([413, 404].map(passing))).toEqual([false, false]);
    expect(await passing(429)).toBe(true);
    expect(await passing(503)).toBe(true);
  });

  it("follows the shop's clock, which the demo may have moved", async () => {
    const { now } = await import("./clock");
    const later = new Date(Date.now() + 10 * 86_400_000);
    serve(async () =>
      Response.json({ data: { x: 1 } }, { headers: { "Aftercare-Now": later.toISOString() } }),
    );

    await graphql.execute(DOCUMENT, NO_FILES);

    expect(Math.abs(now() - later.getTime())).toBeLessThan(2_000);
  });
});
