import { useT } from "@/lib/intl";
import { TextField } from "./field";

/** Pictures from the disk or the camera; how many and how large is for the server to say. */
export function PhotosField({ onChoose }: { onChoose: (photos: readonly File[]) => void }) {
  const t = useT();
  return (
    <TextField
      type="file"
      accept="image/*"
      multiple
      label={t("common.optional", { label: t("common.photos") })}
      onChange={(event) => onChoose([...(event.target.files ?? [])])}
    />
  );
}
