/** How a request travels: `fetch`, or something that behaves like it. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

/** Answers without a body, of which `Response` allows none. */
const EMPTY = new Set([204, 205, 304]);

/** `fetch` that tells how much of the body has left, from 0 to 1: browsers say that of XMLHttpRequest alone. */
export const telling =
  (onSent: (share: number) => void): Transport =>
  (url, { method = "GET", headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const gone = () => reject(signal?.reason ?? new DOMException("Aborted", "AbortError"));
      if (signal?.aborted) {
        gone();
        return;
      }
      const request = new XMLHttpRequest();
      const abort = () => request.abort();
      signal?.addEventListener("abort", abort);
      request.open(method, url);
      for (const [name, value] of new Headers(headers)) {
        request.setRequestHeader(name, value);
      }
      request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
        if (lengthComputable && total > 0) {
          onSent(loaded / total);
        }
      });
      request.addEventListener("load", () => resolve(responseOf(request)));
      // As `fetch` says it.
      request.addEventListener("error", () => reject(new TypeError("Failed to fetch")));
      request.addEventListener("abort", gone);
      request.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
      request.send((body ?? null) as XMLHttpRequestBodyInit | null);
    });

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) {
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
  }
  const { status, responseText } = request;
  return new Response(EMPTY.has(status) ? null : responseText, { status, headers });
}
