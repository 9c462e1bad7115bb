import { ThemeProvider, useTheme } from "@saleor/macaw-ui";
import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Router } from "wouter";
import { useBridgeState } from "@/lib/bridge";
import { LanguageProvider } from "@/lib/intl";
import { useFrameLocation } from "@/lib/location";
import { refreshCases } from "@/lib/query-keys";
import { Bars } from "./bars";
import { Gate } from "./gate";
import { Overlays } from "./overlays";
import { createQueryClient } from "./query-client";
import { Routes } from "./routes";

export function App() {
  const [client] = useState(createQueryClient);
  return (
    <ThemeProvider>
      <DashboardTheme>
        <QueryClientProvider client={client}>
          <LanguageProvider>
            <Gate>
              <Bars />
              <RefreshOnLanguage />
              <Router hook={useFrameLocation}>
                <Routes />
                <Overlays />
              </Router>
            </Gate>
          </LanguageProvider>
        </QueryClientProvider>
      </DashboardTheme>
    </ThemeProvider>
  );
}

/** Reads again what the service words for the person, when the Dashboard's language is switched. */
function RefreshOnLanguage() {
  const client = useQueryClient();
  const locale = useBridgeState((state) => state.locale);
  const before = useRef(locale);
  useEffect(() => {
    if (before.current !== locale) {
      before.current = locale;
      void refreshCases(client);
    }
  }, [client, locale]);
  return null;
}

/** Follows the Dashboard's theme, at the start and when it is switched. */
function DashboardTheme({ children }: { children: ReactNode }) {
  const theme = useBridgeState((state) => state.theme) === "dark" ? "dark" : "light";
  const { setTheme } = useTheme();
  useEffect(() => {
    setTheme(theme === "dark" ? "defaultDark" : "defaultLight");
    document.documentElement.dataset.theme = theme;
  }, [theme, setTheme]);
  return children;
}
