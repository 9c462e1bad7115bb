import { Blob as NodeBlob } from "node:buffer";
import { vi } from "vitest";
import { uploadsTo } from "./upload";

const ORIGIN = "https://dashboard.test";

const segment = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll("=", "");

/** A token of Saleor's shape whose serial number tells one from another. */
export function staffToken(serial: number): string {
  const claims = { serial, email: "aki@example.com", permissions: [], user_permissions: [] };
  return [segment({ alg: "none" }), segment(claims), "signature"].join(".");
}

interface Asked {
  type: string;
  payload: { actionId: string } & Record<string, unknown>;
}

/**
 * The Dashboard around our page: answers App Bridge actions and pushes events, as the real one does.
 * To be made before the first use of the bridge, which pins the origin it finds.
 */
export class FakeDashboard {
  readonly asked: Asked[] = [];
  /** Whether actions are answered with ok. */
  agrees = true;
  token = staffToken(1);

  constructor(path: string) {
    Object.defineProperty(document, "referrer", { configurable: true, value: `${ORIGIN}/` });
    const separator = path.includes("?") ? "&" : "?";
    const own = "id=QXBwOjI%3D&domain=api.test&saleorApiUrl=https%3A%2F%2Fapi.test%2Fgraphql%2F&theme=light";
    window.history.replaceState(null, "", `${path}${separator}${own}`);
    const parent = { postMessage: (message: Asked) => this.hear(message) };
    Object.defineProperty(window, "parent", { configurable: true, value: parent });
  }

  private hear(message: Asked): void {
    this.asked.push(message);
    queueMicrotask(() => {
      if (message.type === "notifyReady") {
        this.handshake();
      }
      this.push("response", { actionId: message.payload.actionId, ok: this.agrees });
    });
  }

  push(type: string, payload: unknown): void {
    window.dispatchEvent(new MessageEvent("message", { origin: ORIGIN, data: { type, payload } }));
  }

  handshake(): void {
    this.push("handshake", { token: this.token, version: 1 });
  }

  refreshToken(serial: number): void {
    this.token = staffToken(serial);
    this.push("tokenRefresh", { token: this.token });
  }

  /** The payloads of the actions of one kind, without their ids. */
  payloads(type: string): Record<string, unknown>[] {
    return this.asked
      .filter((action) => action.type === type)
      .map(({ payload: { actionId, ...rest } }) => rest);
  }
}

/** Puts a function in the place of `fetch`, and of uploads; it gets a Request whose address is absolute. */
export function serve(answer: (request: Request) => Promise<Response>) {
  const fetched = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const body = init?.body instanceof FormData ? await nodeForm(init.body) : init?.body;
    return answer(new Request(new URL(String(input), "https://aftercare.test"), { ...init, body }));
  });
  vi.stubGlobal("fetch", fetched);
  vi.stubGlobal("XMLHttpRequest", uploadsTo(fetched));
  return fetched;
}

/** The form in Node's own classes: its Request does not know jsdom's. */
async function nodeForm(form: FormData): Promise<FormData> {
  const same = await new Response(new URLSearchParams()).formData();
  for (const [name, value] of form) {
    if (value instanceof File) {
      const bytes = await value.arrayBuffer();
      // Node's Blob and the DOM's are the same to `append`, but not to the compiler.
      const blob = new NodeBlob([new Uint8Array(bytes)], { type: value.type }) as unknown as Blob;
      same.append(name, blob, value.name);
    } else {
      same.append(name, value);
    }
  }
  return same;
}
