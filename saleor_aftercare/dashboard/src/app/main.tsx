import "@saleor/macaw-ui/style";
import "@/components/base.css";
import { createRoot } from "react-dom/client";
import { startBridge } from "@/lib/bridge";
import { runBuild } from "@/lib/build";
import { App } from "./app";

runBuild(import.meta.url);
startBridge();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<App />);
}
