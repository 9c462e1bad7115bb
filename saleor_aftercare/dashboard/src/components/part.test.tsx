import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Component, type ReactNode, Suspense } from "react";
import { IntlProvider } from "react-intl";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ChunkMissing } from "@/lib/chunk";
import catalogue from "@/lib/messages/en.messages.json";
import { MissingDialog, part } from "./part";

const missing = (replaced = false) => new ChunkMissing(replaced, undefined);
const Card = ({ name }: { name: string }) => <p>Card of {name}</p>;

function show(Shown: ReturnType<typeof part<{ Card: typeof Card }, { name: string }>>) {
  return render(
    <IntlProvider locale="en" messages={catalogue as unknown as Record<string, string>}>
      <Suspense fallback="…">
        <Shown name="Jade" />
      </Suspense>
    </IntlProvider>,
  );
}

describe("a part of the app that is fetched when needed", () => {
  // React reports what an error boundary catches.
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

  it("stands in its place once it is there", async () => {
    show(
      part(
        async () => ({ Card }),
        (it) => it.Card,
      ),
    );
    expect(await screen.findByText("Card of Jade")).toBeTruthy();
  });

  it("says that it is missing and really asks again at the press of the button", async () => {
    const load = vi.fn(async () => ({ Card }));
    load.mockRejectedValueOnce(missing()).mockRejectedValueOnce(missing());
    show(part(load, (it) => it.Card));

    await userEvent.click(await screen.findByRole("button", { name: "Try again" }));
    expect((await screen.findByRole("alert")).textContent).toContain("could not be loaded");
    await userEvent.click(await screen.findByRole("button", { name: "Try again" }));

    expect(await screen.findByText("Card of Jade")).toBeTruthy();
    expect(load).toHaveBeenCalledTimes(3);
  });

  it("comes by itself when the connection is back", async () => {
    const load = vi.fn(async () => ({ Card }));
    load.mockRejectedValueOnce(missing());
    show(part(load, (it) => it.Card));
    await screen.findByRole("alert");

    act(() => void window.dispatchEvent(new Event("online")));

    expect(await screen.findByText("Card of Jade")).toBeTruthy();
  });

  it("is asked for anew by whoever shows it next, though it failed before", async () => {
    const load = vi.fn(async () => ({ Card }));
    load.mockRejectedValueOnce(missing());
    const Shown = part(load, (it) => it.Card);
    const { unmount } = show(Shown);
    await screen.findByRole("alert");
    unmount();

    show(Shown);

    expect(await screen.findByText("Card of Jade")).toBeTruthy();
  });

  it("offers the new version instead when that has taken its place", async () => {
    show(
      part(
        async (): Promise<{ Card: typeof Card }> => {
          throw missing(true);
        },
        (it) => it.Card,
      ),
    );
    expect(await screen.findByRole("button", { name: "Load it now" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("can be closed where it would have been a dialog", async () => {
    const onClose = vi.fn();
    const Sheet = part(
      async (): Promise<{ Sheet: (props: { onClose: () => void }) => null }> => {
        throw missing();
      },
      (it) => it.Sheet,
      MissingDialog,
    );
    render(
      <IntlProvider locale="en" messages={catalogue as unknown as Record<string, string>}>
        <Suspense>
          <Sheet onClose={onClose} />
        </Suspense>
      </IntlProvider>,
    );
    await screen.findByRole("heading", { name: "Not available at the moment" });
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("leaves every other error to whoever is meant to see it", async () => {
    const Broken = part(
      async () => ({
        Card: (): null => {
          throw new RangeError("a bug");
        },
      }),
      (it) => it.Card,
    );
    render(
      <Outer>
        <Suspense>
          <Broken />
        </Suspense>
      </Outer>,
    );

    expect(await screen.findByText("Seen outside: a bug")).toBeTruthy();
  });
});

class Outer extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError = (error: Error) => ({ error });
  override render() {
    return this.state.error ? `Seen outside: ${this.state.error.message}` : this.props.children;
  }
}
