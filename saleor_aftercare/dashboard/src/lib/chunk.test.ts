import { beforeEach, describe, expect, it, vi } from "vitest";

const page = (entry: string) =>
  `<html><script type="module" src="/static/aftercare/assets/${entry}"></script></html>`;

describe("chunk", () => {
  let chunks: typeof import("./chunk");
  let build: typeof import("./build");

  beforeEach(async () => {
    vi.resetModules();
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async () => new Response(page("app-11111111.js")));
    chunks = await import("./chunk");
    build = await import("./build");
    build.runBuild("https://aftercare.test/static/aftercare/assets/app-11111111.js");
  });

  it("fetches a part once, however often it is asked for", async () => {
    const fetch = vi.fn(async () => "part");
    const load = chunks.chunk(fetch);

    expect(await Promise.all([load(), load()])).toEqual(["part", "part"]);
    expect(await load()).toBe("part");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("tries again by itself when the connection fails", async () => {
    const fetch = vi.fn(async () => "part");
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));

    const loaded = chunks.chunk(fetch)();
    await vi.advanceTimersByTimeAsync(2_000);

    expect(await loaded).toBe("part");
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("gives up after three times, and asks anew when it is called again", async () => {
    const fetch = vi.fn(async () => "part");
    for (const _ of [1, 2, 3]) {
      fetch.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    }
    const load = chunks.chunk(fetch);

    const failed = expect(load()).rejects.toMatchObject({ name: "ChunkMissing", replaced: false });
    await vi.advanceTimersByTimeAsync(2_000);
    await failed;

    expect(await load()).toBe("part");
    expect(fetch).toHaveBeenCalledTimes(4);
  });

  it("does not try in vain when another build has taken this one's place, and tells the person", async () => {
    const { useBars } = await import("./bars");
    const { renderHook } = await import("@testing-library/react");
    vi.stubGlobal("fetch", async () => new Response(page("app-22222222.js")));
    const fetch = vi.fn(async () => {
      throw new TypeError("Failed to fetch dynamically imported module");
    });

    await expect(chunks.chunk(fetch)()).rejects.toMatchObject({ replaced: true });

    expect(fetch).toHaveBeenCalledTimes(1);
    expect([...renderHook(() => useBars()).result.current]).toEqual(["version"]);
  });

  it("fetches a style sheet that failed before it calls a part complete", async () => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = "https://aftercare.test/part.css";
    document.head.append(link);
    const fetch = vi.fn(async () => {
      if (fetch.mock.calls.length === 1) {
        link.dispatchEvent(new Event("error"));
        throw new Error("Unable to preload CSS for /part.css");
      }
      return "part";
    });

    const loaded = chunks.chunk(fetch)();
    await vi.advanceTimersByTimeAsync(500);
    const again = document.head.querySelector<HTMLLinkElement>("link[href$='part.css']");
    expect(again).not.toBe(link);
    expect(fetch).toHaveBeenCalledTimes(1);
    again?.dispatchEvent(new Event("load"));

    expect(await loaded).toBe("part");
  });
});

describe("the build that runs", () => {
  let build: typeof import("./build");
  let bars: () => string[];
  const answer = (name: string) => build.learnBuild(new Headers({ "Aftercare-Build": name }));

  beforeEach(async () => {
    vi.resetModules();
    build = await import("./build");
    const { useBars } = await import("./bars");
    const { renderHook } = await import("@testing-library/react");
    const hook = renderHook(() => useBars());
    bars = () => {
      hook.rerender();
      return [...hook.result.current];
    };
    build.runBuild("https://aftercare.test/static/aftercare/assets/app-11111111.js?x#y");
  });

  it("is told from a newer one by three answers in a row", () => {
    answer("app-22222222.js");
    answer("app-22222222.js");
    expect(bars()).toEqual([]);
    answer("app-22222222.js");
    expect(bars()).toEqual(["version"]);
  });

  it("is not called old while servers of both builds answer in turn", () => {
    for (const _ of [1, 2, 3, 4]) {
      answer("app-22222222.js");
      answer("app-11111111.js");
    }
    expect(bars()).toEqual([]);
  });

  it("says nothing about builds when the network is down", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    expect(await build.isReplaced()).toBe(false);
    expect(bars()).toEqual([]);
  });

  it("says nothing about builds when the service is broken", async () => {
    vi.stubGlobal("fetch", async () => new Response(page("app-22222222.js"), { status: 503 }));
    expect(await build.isReplaced()).toBe(false);
  });
});
