import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { Block } from "@/components/settings";
import { RoleRulesSaveDocument } from "@/gql/team";
import type { Role, RoleRulePartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./team.module.css";

const ROLES: readonly Role[] = ["ADMINISTRATOR", "AGENT", "OUTSOURCED", "WAREHOUSE"];

interface Row {
  key: number;
  group: string;
  role: Role;
  limit: string;
  currency: string;
}

/** Which role the people of each of Saleor's permission groups have. */
export function RolesBlock({
  rules,
  groups,
}: {
  rules: readonly RoleRulePartsFragment[];
  groups: readonly string[];
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [rows, setRows] = useState<readonly Row[]>(
    rules.map(({ group, role, limit }, key) => ({
      key,
      group,
      role,
      limit: limit?.amount ?? "",
      currency: limit?.currency ?? "",
    })),
  );
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(RoleRulesSaveDocument, {
            rules: rows.map(({ group, role, limit, currency }) => ({
              group,
              role,
              limit: limit.trim() === "" ? null : limit.trim(),
              currency,
            })),
          })
        ).roleRulesSave,
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.team });
      notify("success", t("team.saved"));
    },
  });
  const set = (key: number, change: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...change } : row)));
  const free = groups.filter((one) => !rows.some(({ group }) => group === one));
  const add = () =>
    setRows([
      ...rows,
      {
        key: Math.max(-1, ...rows.map(({ key }) => key)) + 1,
        group: free[0] ?? "",
        role: "AGENT",
        limit: "",
        currency: "",
      },
    ]);
  return (
    <Block title={t("team.roles")} help={t("team.rolesHelp")} stacked>
      <datalist id="permission-groups">
        {groups.map((group) => (
          <option key={group} value={group} />
        ))}
      </datalist>
      {rows.length === 0 && <Muted>{t("team.rolesNone")}</Muted>}
      {rows.map((row) => (
        <div key={row.key} className={styles.role}>
          <TextField
            label={t("team.group")}
            list="permission-groups"
            value={row.group}
            onChange={(event) => set(row.key, { group: event.target.value })}
          />
          <SelectField
            label={t("team.role")}
            value={row.role}
            onChange={(event) => set(row.key, { role: event.target.value as Role })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`team.role.${role}`)}
              </option>
            ))}
          </SelectField>
          <TextField
            inputMode="decimal"
            label={t("team.limit")}
            value={row.limit}
            onChange={(event) => set(row.key, { limit: event.target.value })}
          />
          <TextField
            label={t("team.currency")}
            maxLength={3}
            value={row.currency}
            onChange={(event) => set(row.key, { currency: event.target.value.toUpperCase() })}
          />
          <IconButton
            label={t("team.roleDelete", { group: row.group })}
            icon={<Trash2 size={16} />}
            onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}
          />
        </div>
      ))}
      {save.error && <Problem>{explain(save.error)}</Problem>}
      <div className={styles.buttons}>
        <Button icon={<Plus size={14} aria-hidden />} onClick={add}>
          {t("team.roleAdd")}
        </Button>
        <Button variant="primary" busy={save.isPending} onClick={() => save.mutate()}>
          {t("team.rolesSave")}
        </Button>
      </div>
    </Block>
  );
}
