import "@saleor/macaw-ui/style";
import "@/components/base.css";
import { createRoot } from "react-dom/client";
import { showBar } from "@/lib/bars";
import { startBridge } from "@/lib/bridge";
import { App } from "./app";

// A chunk of the previous release is gone. Reloading the frame would cut it off from the Dashboard,
// so the person is asked to reload the tab.
window.addEventListener("vite:preloadError", (event) => {
  event.preventDefault();
  showBar("version");
});

startBridge();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<App />);
}
