import { useMutation } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Candidates } from "@/features/receiving/candidates";
import { Queue } from "@/features/receiving/queue-line";
import { type Candidate, placeOf, ScanField } from "@/features/receiving/scan-field";
import { Sheet } from "@/features/receiving/sheet";
import { StrayForm } from "@/features/receiving/stray-form";
import { ReceivingScanDocument } from "@/gql/receiving";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { Camera } from "./camera";
import styles from "./scan.module.css";

type Place = { at: "scan" } | { at: "sheet"; number: string } | { at: "stray"; number: string };

/** `/receiving/RMA-1` and `/receiving/stray/STR-1`, as the features name their places. */
function placeIn(path: string): Place {
  const parts = path.split("/");
  const number = decodeURIComponent(parts.at(-1) ?? "");
  return parts.includes("stray") ? { at: "stray", number } : { at: "sheet", number };
}

/** A paired phone: scan, receive, judge, next. */
export function Scanner({ onLeave }: { onLeave: () => void }) {
  const t = useT();
  const explain = useExplain();
  const [place, setPlace] = useState<Place>({ at: "scan" });
  const [found, setFound] = useState<{ code: string; candidates: readonly Candidate[] }>();
  const [stray, setStray] = useState(false);
  const go = (path: string) => {
    setFound(undefined);
    setPlace(placeIn(path));
  };
  const look = useMutation({
    mutationFn: async (code: string) => (await execute(ReceivingScanDocument, { code })).receivingScan,
    onSuccess: (candidates, code) => {
      const path = placeOf(candidates);
      if (path === undefined) {
        setFound({ code, candidates });
      } else {
        go(path);
      }
    },
  });
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t("scan.title")}</h1>
        {place.at === "scan" ? (
          <Button variant="tertiary" onClick={onLeave}>
            {t("scan.leave")}
          </Button>
        ) : (
          <Button
            icon={<ArrowLeft size={16} aria-hidden />}
            onClick={() => {
              setFound(undefined);
              setPlace({ at: "scan" });
            }}
          >
            {t("scan.next")}
          </Button>
        )}
      </header>
      <Queue />
      {place.at === "scan" && (
        <>
          <Camera onCode={(code) => look.mutate(code)} />
          {look.error && <Problem>{explain(look.error)}</Problem>}
          <ScanField focused={false} go={go} onFound={(code, candidates) => setFound({ code, candidates })} />
          {found && (
            <Candidates code={found.code} found={found.candidates} go={go} onStray={() => setStray(true)} />
          )}
        </>
      )}
      {place.at === "sheet" && <Sheet number={place.number} />}
      {place.at === "stray" && <Empty>{place.number}</Empty>}
      {stray && (
        <StrayForm
          code={found?.code ?? ""}
          onClose={() => setStray(false)}
          onDone={(number) => {
            setStray(false);
            setFound(undefined);
            setPlace({ at: "stray", number });
          }}
        />
      )}
    </main>
  );
}
