import { useEffect } from "react";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Problem, Skeleton } from "@/components/feedback";
import { ScannerPhoneOfferDocument, ScannerPhoneRevokeDocument } from "@/gql/receiving";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { usePhones } from "./data";
import styles from "./receiving.module.css";

/** The code that makes a phone a scanner for the day, and the phones that are. */
export function PhoneDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const phones = usePhones();
  const offer = useStep(async () =>
    accepted((await execute(ScannerPhoneOfferDocument, {})).scannerPhoneOffer),
  );
  const revoke = useStep(async (id: string) =>
    accepted((await execute(ScannerPhoneRevokeDocument, { id })).scannerPhoneRevoke),
  );
  const ask = offer.mutate;
  useEffect(() => ask(undefined), [ask]);
  const error = offer.error ?? revoke.error;
  return (
    <Dialog title={t("receiving.phone.title")} onClose={onClose}>
      <Muted>{t("receiving.phone.help")}</Muted>
      {offer.isPending && <Skeleton rows={1} height={240} />}
      {offer.data?.picture && (
        <figure className={styles.code}>
          <img src={offer.data.picture} alt={t("receiving.phone.code")} width={240} height={240} />
          <figcaption>
            {offer.data.expiresAt !== null &&
              t("receiving.phone.until", { when: format.dateTime(offer.data.expiresAt) })}
          </figcaption>
        </figure>
      )}
      {error && <Problem>{explain(error)}</Problem>}
      <h3 className={styles.strong}>{t("receiving.phone.paired")}</h3>
      {phones.data?.length === 0 && <Muted>{t("receiving.phone.none")}</Muted>}
      <ul className={styles.list}>
        {phones.data?.map((phone) => (
          <li key={phone.id} className={styles.candidate}>
            <div>
              <p className={styles.strong}>{phone.member}</p>
              <Muted>
                {[phone.device, t("receiving.phone.until", { when: format.dateTime(phone.expiresAt) })]
                  .filter(Boolean)
                  .join(" · ")}
              </Muted>
            </div>
            <Button busy={revoke.isPending} onClick={() => revoke.mutate(phone.id)}>
              {t("receiving.phone.revoke")}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
