import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

/** What jsdom lacks of a browser. Sizes are those of a small window, so that virtual lists draw rows. */
class StillObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

// Asking jsdom for the computed style of every ancestor of every element is what makes roles slow to
// find, and no style sheet is loaded that could hide anything.
configure({ defaultHidden: true, asyncUtilTimeout: 5_000 });

vi.stubGlobal("ResizeObserver", StillObserver);
vi.stubGlobal("CSS", { escape: (text: string) => text.replaceAll(/["\\]/g, "\\$&") });
window.matchMedia = (query: string) =>
  ({
    matches: query.includes("min-width"),
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  }) as unknown as MediaQueryList;
window.focus = () => {};
Element.prototype.scrollIntoView = () => {};
Element.prototype.scrollTo = () => {};
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 800 });
Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 400 });
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
