import { fireEvent, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type ShortcutMap, setShortcutsEnabled, useShortcuts } from "./shortcuts";

function Mapped({ map }: { map: ShortcutMap }) {
  useShortcuts(map);
  return <input aria-label="map field" />;
}

function Keys({ onJ, onEscape, onEnter }: { onJ?: () => void; onEscape?: () => void; onEnter?: () => void }) {
  useShortcuts({ j: onJ, Escape: onEscape, Enter: onEnter });
  return (
    <>
      <input aria-label="field" />
      <button type="button">press</button>
    </>
  );
}

describe("useShortcuts", () => {
  afterEach(() => setShortcutsEnabled(true));

  it("answers a plain key", () => {
    const onJ = vi.fn();
    render(<Keys onJ={onJ} />);

    fireEvent.keyDown(document.body, { key: "j" });

    expect(onJ).toHaveBeenCalledOnce();
  });

  it("leaves keys to fields, to the browser and to a word being composed", () => {
    const onJ = vi.fn();
    const { getByLabelText } = render(<Keys onJ={onJ} />);

    fireEvent.keyDown(getByLabelText("field"), { key: "j" });
    fireEvent.keyDown(document.body, { key: "j", ctrlKey: true });
    fireEvent.keyDown(document.body, { key: "j", metaKey: true });
    fireEvent.keyDown(document.body, { key: "j", isComposing: true });

    expect(onJ).not.toHaveBeenCalled();
  });

  it("leaves keys to an open dialog and Enter to a button", () => {
    const onJ = vi.fn();
    const onEnter = vi.fn();
    const { getByText } = render(<Keys onJ={onJ} onEnter={onEnter} />);

    fireEvent.keyDown(getByText("press"), { key: "Enter" });
    const dialog = document.createElement("dialog");
    dialog.open = true;
    document.body.append(dialog);
    fireEvent.keyDown(document.body, { key: "j" });
    dialog.remove();

    expect(onEnter).not.toHaveBeenCalled();
    expect(onJ).not.toHaveBeenCalled();
  });

  it("can be switched off, all but Escape", () => {
    const onJ = vi.fn();
    const onEscape = vi.fn();
    render(<Keys onJ={onJ} onEscape={onEscape} />);

    setShortcutsEnabled(false);
    fireEvent.keyDown(document.body, { key: "j" });
    fireEvent.keyDown(document.body, { key: "Escape" });

    expect(onJ).not.toHaveBeenCalled();
    expect(onEscape).toHaveBeenCalledOnce();
  });

  it("takes two keys pressed one after the other", () => {
    vi.useFakeTimers();
    const onInbox = vi.fn();
    const onI = vi.fn();
    render(<Mapped map={{ "g i": onInbox, i: onI }} />);

    fireEvent.keyDown(document.body, { key: "g" });
    fireEvent.keyDown(document.body, { key: "i" });
    expect(onInbox).toHaveBeenCalledOnce();
    expect(onI).not.toHaveBeenCalled();

    fireEvent.keyDown(document.body, { key: "g" });
    vi.advanceTimersByTime(1_300);
    fireEvent.keyDown(document.body, { key: "i" });
    expect(onInbox).toHaveBeenCalledOnce();
    expect(onI).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it("takes a first key that leads nowhere for nothing", () => {
    const onInbox = vi.fn();
    const onJ = vi.fn();
    render(<Mapped map={{ "g i": onInbox, j: onJ }} />);

    fireEvent.keyDown(document.body, { key: "g" });
    fireEvent.keyDown(document.body, { key: "j" });
    fireEvent.keyDown(document.body, { key: "i" });

    expect(onJ).toHaveBeenCalledOnce();
    expect(onInbox).not.toHaveBeenCalled();
  });

  it("takes keys with Ctrl or ⌘ in fields too, and when single keys are off", () => {
    const onPalette = vi.fn();
    const { getByLabelText } = render(<Mapped map={{ "Mod+k": onPalette }} />);

    setShortcutsEnabled(false);
    fireEvent.keyDown(getByLabelText("map field"), { key: "k", ctrlKey: true });
    fireEvent.keyDown(document.body, { key: "K", metaKey: true });

    expect(onPalette).toHaveBeenCalledTimes(2);
  });

  it("gives a key to the newest screen that wants it", () => {
    const older = vi.fn();
    const newer = vi.fn();
    const { rerender } = render(
      <>
        <Mapped map={{ j: older }} />
        <Mapped key="newer" map={{ j: newer }} />
      </>,
    );

    fireEvent.keyDown(document.body, { key: "j" });
    rerender(<Mapped map={{ j: older }} />);
    fireEvent.keyDown(document.body, { key: "j" });

    expect(newer).toHaveBeenCalledOnce();
    expect(older).toHaveBeenCalledOnce();
  });
});
