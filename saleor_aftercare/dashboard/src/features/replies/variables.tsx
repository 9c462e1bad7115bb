import { useQuery } from "@tanstack/react-query";
import { RepliesCannedDocument } from "@/gql/replies";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import styles from "./replies.module.css";

/** All canned replies that somebody sees, and what they may name. */
export const useCannedBook = () =>
  useQuery({
    queryKey: keys.cannedBook,
    queryFn: ({ signal }) => execute(RepliesCannedDocument, {}, signal),
  });

/** What ready-made words can name, to look up while writing them. */
export function Variables() {
  const t = useT();
  const { data } = useCannedBook();
  return (
    <details>
      <summary>{t("replies.variables")}</summary>
      <ul className={styles.variables}>
        {data?.templateVariables.map(({ name, description }) => (
          <li key={name}>
            <code>{`{{ ${name} }}`}</code> {description}
          </li>
        ))}
      </ul>
    </details>
  );
}
