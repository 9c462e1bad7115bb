import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Empty, Muted } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { Block } from "@/components/settings";
import { TeamDocument } from "@/gql/team";
import type { ProfilePartsFragment, TeamPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import { useNow } from "@/lib/use-now";
import { PersonDialog } from "./person-dialog";
import { RolesBlock } from "./roles-block";
import styles from "./team.module.css";
import { TeamDialog } from "./team-dialog";

/** Who answers together, who knows what, who is away, and what each may do. */
export function TeamPage() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.team,
    queryFn: ({ signal }) => execute(TeamDocument, {}, signal),
  });
  const [team, setTeam] = useState<TeamPartsFragment | "new">();
  const [person, setPerson] = useState<ProfilePartsFragment>();
  return (
    <Page
      title={t("team.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("team.subtitle")}</span>}
      actions={
        data && (
          <Button variant="primary" icon={<Plus size={14} aria-hidden />} onClick={() => setTeam("new")}>
            {t("team.add")}
          </Button>
        )
      }
    >
      {data ? (
        <>
          <Block title={t("team.teams")} help={t("team.teamsHelp")}>
            <Teams teams={data.teams} onEdit={setTeam} />
          </Block>
          <Block title={t("team.people")} help={t("team.peopleHelp")}>
            <People people={data.staffProfiles} onEdit={setPerson} />
          </Block>
          <RolesBlock
            key={data.roleRules.map(({ group, role }) => `${group}:${role}`).join("|")}
            rules={data.roleRules}
            groups={data.permissionGroups}
          />
          {team !== undefined && (
            <TeamDialog
              team={team === "new" ? undefined : team}
              people={data.staffProfiles}
              onClose={() => setTeam(undefined)}
            />
          )}
          {person !== undefined && (
            <PersonDialog
              key={person.member.id}
              person={data.staffProfiles.find(({ member }) => member.id === person.member.id) ?? person}
              people={data.staffProfiles}
              onClose={() => setPerson(undefined)}
            />
          )}
        </>
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={44} />
      )}
    </Page>
  );
}

function Teams({
  teams,
  onEdit,
}: {
  teams: readonly TeamPartsFragment[];
  onEdit: (team: TeamPartsFragment) => void;
}) {
  const t = useT();
  if (teams.length === 0) {
    return <Empty>{t("team.none")}</Empty>;
  }
  return (
    <ul className={styles.list}>
      {teams.map((team) => (
        <li key={team.id} className={styles.row}>
          <div className={styles.words}>
            <span className={styles.name}>{team.name}</span>
            <Muted>
              {[
                t(`team.assignment.${team.assignment}`),
                team.members.length > 0 ? team.members.map(({ name }) => name).join(", ") : t("team.nobody"),
              ].join(" · ")}
            </Muted>
          </div>
          {team.isOutsourced && <Pill tone="info">{t("team.outsourced")}</Pill>}
          <IconButton
            label={t("team.edit", { name: team.name })}
            icon={<Pencil size={16} />}
            onClick={() => onEdit(team)}
          />
        </li>
      ))}
    </ul>
  );
}

function People({
  people,
  onEdit,
}: {
  people: readonly ProfilePartsFragment[];
  onEdit: (person: ProfilePartsFragment) => void;
}) {
  const t = useT();
  const now = useNow();
  return (
    <ul className={styles.list}>
      {people.map((person) => (
        <li key={person.member.id} className={styles.row}>
          <div className={styles.words}>
            <span className={styles.name}>{person.member.name}</span>
            <Muted>
              {[
                person.groups === null || person.groups === undefined
                  ? t("team.groupsUnknown")
                  : person.groups.join(", "),
                person.languages.length > 0 && person.languages.join(", "),
                person.skills.length > 0 && person.skills.join(", "),
                person.capacity > 0 && t("team.capacityShort", { count: person.capacity }),
              ]
                .filter(Boolean)
                .join(" · ")}
            </Muted>
          </div>
          <span className={styles.pills}>
            {!person.takesTurns && <Pill tone="neutral">{t("team.noTurns")}</Pill>}
            {person.absences.some(({ startsAt }) => Date.parse(startsAt) <= now) && (
              <Pill tone="warning">{t("team.away")}</Pill>
            )}
          </span>
          <IconButton
            label={t("team.edit", { name: person.member.name })}
            icon={<Pencil size={16} />}
            onClick={() => onEdit(person)}
          />
        </li>
      ))}
    </ul>
  );
}
