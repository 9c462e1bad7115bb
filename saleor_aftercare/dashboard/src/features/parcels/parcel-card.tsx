import { ExternalLink, Printer, QrCode } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Actions, Card, Muted } from "@/components/card";
import { Fact, Facts } from "@/components/facts";
import { Problem, Warning } from "@/components/feedback";
import { DateTime } from "@/components/time";
import type { ParcelDefaultsPartsFragment, ParcelPartsFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { ParcelActions } from "./parcel-actions";
import styles from "./parcels.module.css";
import { ParcelPill } from "./status";

export interface ProviderChoice {
  slug: string;
  name: string;
}

interface ParcelCardProps {
  parcel: ParcelPartsFragment;
  providers: readonly ProviderChoice[];
  usual: ParcelDefaultsPartsFragment;
}

/** One parcel: who carries it, what it costs, its papers, what was heard of it, and what may be done. */
export function ParcelCard({ parcel, providers, usual }: ParcelCardProps) {
  const t = useT();
  const format = useFormat();
  const { carrier, cost, expiresOn, sendBy, trackingNumber, trackingUrl } = parcel;
  const from = providers.find((one) => one.slug === parcel.provider)?.name ?? parcel.provider;
  return (
    <Card
      title={t("parcel.title", { number: parcel.number })}
      label={t("parcel.title", { number: parcel.number })}
      aside={<ParcelPill state={parcel.state} />}
      muted={parcel.state === "VOID" || parcel.state === "EXPIRED"}
    >
      {parcel.state === "UNKNOWN" && <Warning>{t("parcel.unknown", { provider: from ?? "" })}</Warning>}
      {parcel.state === "AWAITING_NUMBER" && <Muted>{t("parcel.awaiting")}</Muted>}
      <div className={styles.facts}>
        <Facts>
          {carrier !== null && (
            <Fact label={t("parcel.carrier")}>
              {carrier === "printable" ? t("parcel.printable") : carrier}
            </Fact>
          )}
          {trackingNumber !== null && (
            <Fact label={t("parcel.tracking")}>
              <Tracking number={trackingNumber} url={trackingUrl} />
            </Fact>
          )}
          {cost !== null && (
            <Fact
              label={t("parcel.cost")}
            >{`${format.money(cost)} · ${t(`parcel.payer.${parcel.payer}`)}`}</Fact>
          )}
          {cost === null && <Fact label={t("parcel.postage")}>{t(`parcel.payer.${parcel.payer}`)}</Fact>}
          {parcel.handoverChoices.length > 1 && (
            <Fact label={t("parcel.handover")}>{t(`parcel.handover.${parcel.handover}`)}</Fact>
          )}
          {parcel.lengthCm !== null && (
            <Fact label={t("parcel.size")}>
              {t("parcel.size.box", {
                length: parcel.lengthCm,
                width: parcel.widthCm ?? 0,
                height: parcel.heightCm ?? 0,
              })}
            </Fact>
          )}
          {parcel.weightG !== null && (
            <Fact label={t("parcel.size.weighed")}>{t("parcel.size.grams", { weight: parcel.weightG })}</Fact>
          )}
          {sendBy !== null && parcel.state === "READY" && (
            <Fact label={t("parcel.sendBy")}>{format.date(`${sendBy}T12:00`)}</Fact>
          )}
          {expiresOn !== null && (
            <Fact label={t("parcel.expiresOn")}>{format.date(`${expiresOn}T12:00`)}</Fact>
          )}
        </Facts>
      </div>
      <Papers parcel={parcel} />
      {parcel.error !== null && <Problem>{parcel.error}</Problem>}
      {parcel.voiding && <Muted>{t("parcel.voiding")}</Muted>}
      <Heard parcel={parcel} />
      <ParcelActions parcel={parcel} providers={providers} usual={usual} />
    </Card>
  );
}

function Tracking({ number, url }: { number: string; url: string | null }) {
  const t = useT();
  return (
    <span className={styles.tracking}>
      <span>{number}</span>
      {url !== null && (
        <Button
          variant="tertiary"
          icon={<ExternalLink size={14} aria-hidden />}
          onClick={() => void openInNewTab(url)}
        >
          {t("parcel.follow")}
        </Button>
      )}
    </span>
  );
}

function Papers({ parcel }: { parcel: ParcelPartsFragment }) {
  const t = useT();
  const printer = <Printer size={14} aria-hidden />;
  const papers: [string | null, ReactNode, string][] = [
    [parcel.a6Url, printer, t(parcel.a4Url === null ? "parcel.label" : "return.label.openA6")],
    [parcel.a4Url, printer, t("return.label.openA4")],
    [parcel.slipUrl, printer, t("parcel.slip")],
    [parcel.customsUrl, printer, t("parcel.customs")],
    [parcel.dropoffUrl, <QrCode key="qr" size={14} aria-hidden />, t("parcel.dropoff")],
  ];
  const there = papers.filter(([url]) => url !== null);
  return there.length === 0 ? null : (
    <Actions>
      {there.map(([url, icon, label]) => (
        // The Dashboard opens it: a tab of the frame's own could not show a PDF.
        <Button key={label} icon={icon} onClick={() => void openInNewTab(url ?? "")}>
          {label}
        </Button>
      ))}
    </Actions>
  );
}

function Heard({ parcel }: { parcel: ParcelPartsFragment }) {
  const t = useT();
  return parcel.events.length === 0 ? null : (
    <details className={styles.heard}>
      <summary>{t("parcel.events", { count: parcel.events.length })}</summary>
      <ol>
        {parcel.events.map((event) => (
          <li key={`${event.at} ${event.status} ${event.description}`}>
            <p>
              {t(`parcel.news.${event.status}`)}
              {event.description !== "" && ` · ${event.description}`}
            </p>
            <Muted>
              <DateTime at={event.at} />
              {event.location !== "" && <> · {event.location}</>}
            </Muted>
          </li>
        ))}
      </ol>
    </details>
  );
}
