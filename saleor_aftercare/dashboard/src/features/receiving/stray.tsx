import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted, Section } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { TextArea } from "@/components/field";
import { Files } from "@/components/files";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { ReceivingScanDocument } from "@/gql/receiving";
import { StrayParcelCloseDocument, StrayParcelMatchDocument } from "@/gql/stray";
import type { StrayPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import { useStray } from "./data";
import { FindForm } from "./find-form";
import styles from "./receiving.module.css";
import type { Candidate } from "./scan-field";
import { StrayReturn } from "./stray-return";

/** A parcel that nobody expected: what is known, and whose it may be. */
export function StrayPage({ number }: { number: string }) {
  const t = useT();
  const stray = useStray(number);
  return (
    <Page title={number} back={{ href: "/receiving?list=stray", label: t("receiving.title") }}>
      {stray.error && <ErrorNotice error={stray.error} onRetry={() => void stray.refetch()} />}
      {stray.isPending && <Skeleton rows={3} height={32} />}
      {stray.data && <Content stray={stray.data} />}
    </Page>
  );
}

function Content({ stray }: { stray: StrayPartsFragment }) {
  const t = useT();
  const mayStart = useMay("MANAGE_ORDERS");
  const format = useFormat();
  const rows: [string, string][] = [
    [t("receiving.stray.code"), stray.code],
    [t("receiving.stray.sender"), stray.sender],
    [t("receiving.stray.contents"), stray.contents],
    [t("receiving.stray.resolution"), stray.resolution],
  ];
  return (
    <>
      <Section
        title={t("receiving.stray.known")}
        aside={
          <Pill tone={stray.state === "OPEN" ? "warning" : "neutral"}>
            {t(`receiving.stray.${stray.state}`)}
          </Pill>
        }
      >
        <Muted>{[format.dateTime(stray.foundAt), stray.foundBy].filter(Boolean).join(" · ")}</Muted>
        <dl className={styles.facts}>
          {rows
            .filter(([, value]) => value !== "")
            .map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
        <Files files={stray.photos} />
        {stray.return && (
          <Actions>
            <Button variant="primary" onClick={() => navigate(`/receiving/${stray.return?.number}`)}>
              {t("receiving.stray.receive", { number: stray.return.number })}
            </Button>
          </Actions>
        )}
      </Section>
      {stray.state === "OPEN" && <Match stray={stray} />}
      {stray.state === "OPEN" && mayStart && <StrayReturn stray={stray} />}
      {stray.state === "OPEN" && <Close stray={stray} />}
    </>
  );
}

/** Looks for the return by the sender's name, the order's or the return's number. */
function Match({ stray }: { stray: StrayPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const look = useStep(
    async (code: string) => (await execute(ReceivingScanDocument, { code })).receivingScan,
  );
  const match = useStep(async (returnId: string) =>
    accepted((await execute(StrayParcelMatchDocument, { id: stray.id, returnId })).strayParcelMatch),
  );
  const found: readonly Candidate[] | undefined = look.data;
  const error = look.error ?? match.error;
  return (
    <Section title={t("receiving.stray.match")}>
      <FindForm
        label={t("receiving.stray.search")}
        start={stray.sender}
        busy={look.isPending}
        onFind={look.mutate}
      />
      {found?.length === 0 && <Muted>{t("receiving.found.none")}</Muted>}
      <ul className={styles.list}>
        {found?.map((one) => {
          const ret = one.return;
          return ret ? (
            <li key={ret.id} className={styles.candidate}>
              <div>
                <p className={styles.strong}>{ret.number}</p>
                <Muted>{[`#${ret.orderNumber}`, ret.senderName].filter(Boolean).join(" · ")}</Muted>
              </div>
              <Button busy={match.isPending} onClick={() => match.mutate(ret.id)}>
                {t("receiving.stray.isThis")}
              </Button>
            </li>
          ) : (
            one.orderNumber !== null && (
              <li key={one.orderNumber} className={styles.candidate}>
                <p>{t("receiving.found.order", { number: one.orderNumber })}</p>
                <Pill tone="warning">{t("receiving.found.noReturn")}</Pill>
              </li>
            )
          );
        })}
      </ul>
      {error && <Problem>{explain(error)}</Problem>}
    </Section>
  );
}

function Close({ stray }: { stray: StrayPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const [resolution, setResolution] = useState("");
  const close = useStep(async () =>
    accepted((await execute(StrayParcelCloseDocument, { id: stray.id, resolution })).strayParcelClose),
  );
  return (
    <Section title={t("receiving.stray.close")}>
      <TextArea
        label={t("receiving.stray.resolution")}
        maxLength={2000}
        value={resolution}
        onChange={(event) => setResolution(event.target.value)}
      />
      <Actions>
        <Button
          busy={close.isPending}
          disabled={resolution.trim() === ""}
          onClick={() => close.mutate(undefined)}
        >
          {t("receiving.stray.closeIt")}
        </Button>
      </Actions>
      {close.error && <Problem>{explain(close.error)}</Problem>}
    </Section>
  );
}
