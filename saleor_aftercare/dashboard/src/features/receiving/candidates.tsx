import { Button } from "@/components/button";
import { Actions, Card, Muted } from "@/components/card";
import { Pill } from "@/components/pill";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import styles from "./receiving.module.css";
import type { Candidate } from "./scan-field";

interface CandidatesProps {
  code: string;
  found: readonly Candidate[];
  onStray: () => void;
  go?: (path: string) => void;
}

/** What a code may belong to, for somebody to choose; or nothing, and what to do then. */
export function Candidates({ code, found, onStray, go = navigate }: CandidatesProps) {
  const t = useT();
  const title = t("receiving.found.title", { code, count: found.length });
  return (
    <Card label={title} title={title}>
      <ul className={styles.list} aria-live="polite">
        {found.map((one) => {
          const number = one.return?.number ?? one.strayParcel?.number;
          const path = one.return ? `/receiving/${number}` : `/receiving/stray/${number}`;
          return (
            <li key={`${one.match}${number ?? one.orderNumber}`} className={styles.candidate}>
              <div>
                <p className={styles.strong}>
                  {number ?? t("receiving.found.order", { number: one.orderNumber ?? "" })}
                </p>
                <Muted>
                  {[
                    t(`receiving.match.${one.match}`),
                    number && one.orderNumber && t("receiving.found.order", { number: one.orderNumber }),
                    one.senderName ?? one.strayParcel?.sender,
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </Muted>
              </div>
              {number === undefined ? (
                <Pill tone="warning">{t("receiving.found.noReturn")}</Pill>
              ) : (
                <Button variant="primary" onClick={() => go(path)}>
                  {t("receiving.found.open")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <Muted>{t("receiving.found.none")}</Muted>}
      <Actions>
        <Button onClick={onStray}>{t("receiving.stray.note")}</Button>
      </Actions>
    </Card>
  );
}
