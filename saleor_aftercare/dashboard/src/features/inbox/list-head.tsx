import { ArrowDownWideNarrow, BookmarkPlus, ChevronDown, Pencil } from "lucide-react";
import { type RefObject, Suspense, useState } from "react";
import { IconButton } from "@/components/button";
import { Menu } from "@/components/menu";
import type { TicketOrder, ViewPartsFragment } from "@/gql/types";
import { useOffered } from "@/lib/access";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import styles from "./list-head.module.css";
import { ViewDialog } from "./list-parts";
import { inView, type ListPlace, ORDERS } from "./place";
import { SearchField } from "./search-field";
import { badge, isSaved, mayArrange, RECORDS, standardViews, viewLabel } from "./views";

interface ListHeadProps {
  place: ListPlace;
  views: readonly ViewPartsFragment[];
  field: RefObject<HTMLInputElement>;
  onChoose: (place: ListPlace) => void;
  onSearch: (search: string) => void;
  onOrder: (order: TicketOrder) => void;
  onArrange: () => void;
}

/** The search field, the order, saving both as a view and, where their column has no room, the menu of views. */
export function ListHead({ place, views, field, onChoose, onSearch, onOrder, onArrange }: ListHeadProps) {
  const t = useT();
  const [saving, setSaving] = useState(false);
  const offered = useOffered();
  const saved = views.find(({ id }) => id === place.saved);
  const name = saved?.name ?? t(viewLabel(place.view));
  const standard = views.find((view) => view.standard === place.view);
  const order = place.order ?? saved?.order ?? standard?.order ?? "NEWEST";
  const counts = new Map(views.map((view) => [view.standard, view.count]));
  const isChanged = place.search.trim() !== "" || (place.order !== undefined && place.order !== saved?.order);
  const maySave = saved === undefined || saved.isMineToChange || isChanged;

  return (
    <div className={styles.head}>
      <Menu
        label={t("inbox.views")}
        className={styles.views}
        items={[
          ...standardViews(views, place.view).map((one) => ({
            key: one,
            label: t(viewLabel(one)),
            hint: badge(counts.get(one)),
            checked: saved === undefined && one === place.view,
            onSelect: () => onChoose(inView(one)),
          })),
          ...views.filter(isSaved).map((one) => ({
            key: one.id,
            label: one.name,
            hint: badge(one.count),
            checked: one === saved,
            onSelect: () => onChoose(inView("ALL", one.id)),
          })),
          ...(mayArrange(views)
            ? [{ key: "arrange", label: t("inbox.view.arrange"), onSelect: onArrange }]
            : []),
          ...RECORDS.filter(({ href }) => offered(href)).map(({ href, label }) => ({
            key: href,
            label: t(label),
            onSelect: () => navigate(href),
          })),
        ]}
      >
        <span>{name}</span>
        <ChevronDown size={14} aria-hidden />
      </Menu>
      <SearchField search={place.search} field={field} onSearch={onSearch} />
      <div className={styles.tools}>
        {maySave && (
          <IconButton
            label={saved ? t("inbox.view.change") : t("inbox.view.save")}
            icon={saved ? <Pencil size={16} aria-hidden /> : <BookmarkPlus size={16} aria-hidden />}
            onClick={() => setSaving(true)}
          />
        )}
        <Menu
          label={t("inbox.order")}
          align="end"
          items={ORDERS.map((one) => ({
            key: one,
            label: t(`inbox.order.${one}`),
            checked: one === order,
            onSelect: () => onOrder(one),
          }))}
        >
          <ArrowDownWideNarrow size={16} aria-hidden />
          <span className="visually-hidden">{t("inbox.order")}</span>
        </Menu>
      </div>
      {saving && (
        <Suspense fallback={null}>
          <ViewDialog
            place={{ ...place, order }}
            view={saved}
            base={saved?.query ?? standard?.query ?? ""}
            onClose={() => setSaving(false)}
            onChoose={onChoose}
          />
        </Suspense>
      )}
    </div>
  );
}
