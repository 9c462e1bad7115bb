import { beforeEach, describe, expect, it, vi } from "vitest";
import { FakeDashboard, serve, staffToken } from "@/testing/dashboard";

const unauthorized = () => new Response("{}", { status: 401 });

describe("authFetch", () => {
  let dashboard: FakeDashboard;
  let authFetch: typeof import("./auth-fetch").authFetch;
  let SessionExpired: typeof import("./auth-fetch").SessionExpired;

  beforeEach(async () => {
    vi.resetModules();
    dashboard = new FakeDashboard("/inbox");
    const bridge = await import("./bridge");
    ({ authFetch, SessionExpired } = await import("./auth-fetch"));
    bridge.startBridge();
    await Promise.resolve();
  });

  it("sends the token, the shop and the language of the moment of each call", async () => {
    const seen: Headers[] = [];
    serve(async (request) => {
      seen.push(request.headers);
      return new Response("{}");
    });

    await authFetch("/graphql/", { method: "POST" });
    dashboard.refreshToken(2);
    dashboard.push("localeChanged", { locale: "ja" });
    await authFetch("/graphql/", { method: "POST" });

    expect(seen.map((headers) => headers.get("Authorization"))).toEqual([
      `Bearer ${staffToken(1)}`,
      `Bearer ${staffToken(2)}`,
    ]);
    expect(seen[0]?.get("Saleor-Api-Url")).toBe("https://api.test/graphql/");
    expect(seen[1]?.get("Accept-Language")).toBe("ja");
  });

  it("waits for the next token after a 401 and tries once more", async () => {
    const fetched = serve(async (request) =>
      request.headers.get("Authorization") === `Bearer ${staffToken(2)}`
        ? new Response("{}")
        : unauthorized(),
    );

    const answer = authFetch("/graphql/", { method: "POST" });
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(1));
    dashboard.refreshToken(2);

    expect((await answer).status).toBe(200);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it("gives up when no token comes within three seconds", async () => {
    vi.useFakeTimers();
    const fetched = serve(async () => unauthorized());

    const answer = expect(authFetch("/graphql/", { method: "POST" })).rejects.toBeInstanceOf(SessionExpired);
    await vi.advanceTimersByTimeAsync(3_000);

    await answer;
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("does not try a third time when the fresh token is refused as well", async () => {
    const fetched = serve(async () => unauthorized());

    const answer = expect(authFetch("/graphql/", { method: "POST" })).rejects.toBeInstanceOf(SessionExpired);
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(1));
    dashboard.refreshToken(2);

    await answer;
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});
