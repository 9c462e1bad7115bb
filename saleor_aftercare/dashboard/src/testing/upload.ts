/**
 * A stand-in for XMLHttpRequest, which sends what is answered by the same function as `fetch`. Half of what it sends
 * has left when it comes to the gate; it goes on once the gate opens.
 */
export function uploadsTo(answer: (url: string, init: RequestInit) => Promise<Response>) {
  return class FakeUpload extends EventTarget {
    readonly upload = new EventTarget();
    status = 0;
    responseText = "";
    private url = "";
    private method = "";
    private readonly sent = new Headers();
    private received = new Headers();
    private aborted = false;

    open(method: string, url: string): void {
      this.method = method;
      this.url = url;
    }

    setRequestHeader(name: string, value: string): void {
      this.sent.set(name, value);
    }

    getAllResponseHeaders(): string {
      return [...this.received].map(([name, value]) => `${name}: ${value}`).join("\r\n");
    }

    abort(): void {
      this.aborted = true;
      this.dispatchEvent(new Event("abort"));
      this.dispatchEvent(new Event("loadend"));
    }

    async send(body: BodyInit | null): Promise<void> {
      this.told(1);
      await gate;
      if (this.aborted) {
        return;
      }
      this.told(2);
      try {
        const response = await answer(this.url, { method: this.method, headers: this.sent, body });
        this.responseText = await response.text();
        this.status = response.status;
        this.received = response.headers;
        this.dispatchEvent(new Event("load"));
      } catch {
        this.dispatchEvent(new Event("error"));
      }
      this.dispatchEvent(new Event("loadend"));
    }

    private told(loaded: number): void {
      const progress = { lengthComputable: true, loaded, total: 2 };
      this.upload.dispatchEvent(Object.assign(new Event("progress"), progress));
    }
  };
}

let gate: Promise<void> | undefined;

/** Holds uploads half-way; returns how to let them go on. */
export function holdUploads(): () => void {
  let open = () => {};
  gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => {
    gate = undefined;
    open();
  };
}
