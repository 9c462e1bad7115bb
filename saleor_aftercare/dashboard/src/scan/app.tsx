import { ThemeProvider, useTheme } from "@saleor/macaw-ui";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { SessionExpired } from "@/lib/auth-fetch";
import { LanguageProvider, useT } from "@/lib/intl";
import styles from "./scan.module.css";
import { Scanner } from "./scanner";
import { enter, forget, type ShopPage } from "./session";

type State = "pairing" | "paired" | "unpaired";

/** The page of a phone that scans at the warehouse; no Dashboard around it. */
export function ScanApp({ page }: { page: ShopPage }) {
  const [state, setState] = useState<State>("pairing");
  const [client] = useState(() => {
    const onError = (error: unknown) => {
      if (error instanceof SessionExpired) {
        setState("unpaired");
      }
    };
    return new QueryClient({
      queryCache: new QueryCache({ onError }),
      mutationCache: new MutationCache({ onError }),
      defaultOptions: { queries: { retry: 2 } },
    });
  });
  useEffect(() => {
    let current = true;
    enter(page).then(
      (paired) => current && setState(paired ? "paired" : "unpaired"),
      () => current && setState("unpaired"),
    );
    return () => {
      current = false;
    };
  }, [page]);
  return (
    <ThemeProvider>
      <SystemTheme>
        <QueryClientProvider client={client}>
          <LanguageProvider>
            {state === "paired" ? (
              <Scanner
                onLeave={() => {
                  forget(page);
                  setState("unpaired");
                }}
              />
            ) : (
              <Outside state={state} />
            )}
          </LanguageProvider>
        </QueryClientProvider>
      </SystemTheme>
    </ThemeProvider>
  );
}

function Outside({ state }: { state: State }) {
  const t = useT();
  return (
    <main className={styles.page} aria-busy={state === "pairing"}>
      <h1 className={styles.title}>{t(state === "pairing" ? "scan.title" : "scan.unpaired.title")}</h1>
      <p role="status">{t(state === "pairing" ? "scan.pairing" : "scan.unpaired.text")}</p>
    </main>
  );
}

/** Follows the phone's own light or dark. */
function SystemTheme({ children }: { children: ReactNode }) {
  const { setTheme } = useTheme();
  useEffect(() => {
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => {
      setTheme(dark.matches ? "defaultDark" : "defaultLight");
      document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
    };
    follow();
    dark.addEventListener("change", follow);
    return () => dark.removeEventListener("change", follow);
  }, [setTheme]);
  return children;
}
