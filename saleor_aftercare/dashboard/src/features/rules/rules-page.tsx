import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Pencil, Plus } from "lucide-react";
import { Button, IconButton } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { RuleEnableDocument, RuleMoveDocument } from "@/gql/rules";
import type { RulePartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useRuleBook } from "./data";
import styles from "./rules.module.css";
import { type Names, ruleSentences } from "./sentences";

/** What happens by itself, in the order in which it is looked at. */
export function RulesPage() {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_SETTINGS");
  const { data, error, refetch } = useRuleBook();
  const again = () => client.invalidateQueries({ queryKey: keys.rules });
  const move = useMutation({
    mutationFn: async (to: { id: string; to: number }) =>
      accepted((await execute(RuleMoveDocument, to)).ruleMove),
    onSuccess: again,
  });
  const enable = useMutation({
    mutationFn: async (to: { id: string; enabled: boolean }) =>
      accepted((await execute(RuleEnableDocument, to)).ruleEnable),
    onSuccess: again,
  });
  const failed = move.error ?? enable.error;
  return (
    <Page
      title={t("rules.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("rules.subtitle")}</span>}
      actions={
        mayChange && (
          <Button
            variant="primary"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => navigate("/settings/rules/new")}
          >
            {t("rules.add")}
          </Button>
        )
      }
    >
      {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
      {failed && <Problem>{explain(failed)}</Problem>}
      {data ? (
        data.rules.length === 0 ? (
          <Empty>{t("rules.none")}</Empty>
        ) : (
          <ol className={styles.list}>
            {data.rules.map((rule, index) => (
              <RuleRow
                key={rule.id}
                rule={rule}
                names={data.names}
                mayChange={mayChange}
                first={index === 0}
                last={index === data.rules.length - 1}
                onMove={(by) => move.mutate({ id: rule.id, to: index + 1 + by })}
                onEnable={(enabled) => enable.mutate({ id: rule.id, enabled })}
              />
            ))}
          </ol>
        )
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={5} height={72} />
      )}
    </Page>
  );
}

function RuleRow({
  rule,
  names,
  mayChange,
  first,
  last,
  onMove,
  onEnable,
}: {
  rule: RulePartsFragment;
  names: Names;
  mayChange: boolean;
  first: boolean;
  last: boolean;
  onMove: (by: 1 | -1) => void;
  onEnable: (enabled: boolean) => void;
}) {
  const t = useT();
  return (
    <li className={styles.rule}>
      <div className={styles.words}>
        <span className={styles.name}>{rule.name}</span>{" "}
        {!rule.enabled && <Pill tone="neutral">{t("rules.resting")}</Pill>}
        {ruleSentences(rule, names, t).map((sentence) => (
          <p key={sentence} className={styles.sentence}>
            {sentence}
          </p>
        ))}
      </div>
      {mayChange && (
        <span className={styles.side}>
          <IconButton
            label={t("rules.up", { name: rule.name })}
            icon={<ArrowUp size={16} />}
            disabled={first}
            onClick={() => onMove(-1)}
          />
          <IconButton
            label={t("rules.down", { name: rule.name })}
            icon={<ArrowDown size={16} />}
            disabled={last}
            onClick={() => onMove(1)}
          />
          <Button onClick={() => onEnable(!rule.enabled)}>
            {rule.enabled ? t("rules.rest") : t("rules.act")}
          </Button>
          <IconButton
            label={t("rules.edit", { name: rule.name })}
            icon={<Pencil size={16} />}
            onClick={() => navigate(`/settings/rules/${rule.id}`)}
          />
        </span>
      )}
    </li>
  );
}
