import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Absences } from "@/components/absences";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Block } from "@/components/settings";
import {
  ColleaguesDocument,
  MyAbsenceDeleteDocument,
  MyAbsenceSaveDocument,
  MyAbsencesDocument,
} from "@/gql/notices";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

/** When the person is away, and who stands in. */
export function AwayBlock() {
  const t = useT();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: keys.myAbsences,
    queryFn: async ({ signal }) => (await execute(MyAbsencesDocument, {}, signal)).myAbsences,
  });
  // Whoever has nothing to do with conversations has nobody to name, and none to hand over.
  const { data: colleagues = [] } = useQuery({
    queryKey: keys.colleagues,
    retry: false,
    queryFn: async ({ signal }) => (await execute(ColleaguesDocument, {}, signal)).staffMembers,
  });
  return (
    <Block title={t("away.title")} help={t("away.help")}>
      {data ? (
        <Absences
          absences={data}
          others={colleagues.filter(({ isMe }) => !isMe)}
          save={async (input) => accepted((await execute(MyAbsenceSaveDocument, { input })).absenceSave)}
          remove={async (id) => accepted((await execute(MyAbsenceDeleteDocument, { id })).absenceDelete)}
          onChanged={() => client.invalidateQueries({ queryKey: keys.myAbsences })}
        />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </Block>
  );
}
