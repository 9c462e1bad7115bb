import "../features/widgets/widgets.css";
import { createRoot } from "react-dom/client";
import { Widget } from "@/features/widgets/widget";
import { startBridge } from "@/lib/bridge";

startBridge();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<Widget path={window.location.pathname} />);
}
