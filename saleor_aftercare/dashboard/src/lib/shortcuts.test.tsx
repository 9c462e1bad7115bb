import { fireEvent, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { setShortcutsEnabled, useShortcuts } from "./shortcuts";

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
});
