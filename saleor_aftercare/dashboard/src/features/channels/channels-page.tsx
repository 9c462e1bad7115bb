import { ChevronRight, Plus } from "lucide-react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Empty, Section } from "@/components/card";
import { ErrorNotice, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { DateTime } from "@/components/time";
import type { ChannelAccountPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { useMay } from "@/lib/viewer";
import styles from "./channels.module.css";
import { useAccounts } from "./data";
import { KINDS } from "./kinds";
import { AccountState } from "./state";

/** How customers reach the shop: every account, by kind, and how it does. */
export function ChannelsPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const { data, error, refetch } = useAccounts();
  return (
    <Page title={t("channels.title")} subtitle={t("channels.help")}>
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {data ? (
        <div className={styles.kinds}>
          {KINDS.map(({ kind, title, help, add, icon, single }) => {
            const accounts = data.filter((one) => one.kind === kind);
            const addIt = mayChange && !(single && accounts.length > 0) && (
              <Button
                icon={<Plus size={16} aria-hidden />}
                onClick={() => navigate(`/settings/channels/new/${kind}`)}
              >
                {t(add)}
              </Button>
            );
            return (
              <Section key={kind} title={t(title)} aside={accounts.length > 0 && addIt}>
                {accounts.length > 0 ? (
                  <ul className={styles.accounts}>
                    {accounts.map((account) => (
                      <Row key={account.id} account={account} icon={icon} />
                    ))}
                  </ul>
                ) : (
                  <Empty action={addIt}>{t(help)}</Empty>
                )}
              </Section>
            );
          })}
        </div>
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={5} height={56} />
      )}
    </Page>
  );
}

function Row({ account, icon }: { account: ChannelAccountPartsFragment; icon: React.ReactNode }) {
  const t = useT();
  const problem = account.problem || account.sendingProblem;
  return (
    <li className={styles.account}>
      <Link href={`/settings/channels/${encodeURIComponent(account.id)}`} className={styles.link}>
        {icon}
        <span className={styles.names}>
          <span className={styles.name}>
            {account.name}
            {account.isDefault && <Pill>{t("channels.default")}</Pill>}
          </span>
          {account.address !== "" && <span className={styles.address}>{account.address}</span>}
          {account.enabled && problem !== "" && <span className={styles.problem}>{problem}</span>}
          {problem === "" && account.heardAt !== null && (
            <span className={styles.address}>
              {t("channels.heard")} <DateTime at={account.heardAt} />
            </span>
          )}
        </span>
        <AccountState account={account} />
        <ChevronRight size={16} aria-hidden />
      </Link>
    </li>
  );
}
