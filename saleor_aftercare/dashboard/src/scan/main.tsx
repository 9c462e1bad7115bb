import "@saleor/macaw-ui/style";
import "@/components/base.css";
import { createRoot } from "react-dom/client";
import { standAlone } from "@/lib/bridge";
import { ScanApp } from "./app";

const root = document.getElementById("root");
if (root) {
  const { apiUrl = "", handle = "" } = root.dataset;
  const page = { apiUrl, handle, language: document.documentElement.lang };
  standAlone({ token: undefined, saleorApiUrl: apiUrl, language: page.language });
  createRoot(root).render(<ScanApp page={page} />);
}
