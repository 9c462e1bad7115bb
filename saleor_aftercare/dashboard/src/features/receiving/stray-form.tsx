import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { TextArea, TextField } from "@/components/field";
import { PhotosField } from "@/components/photos-field";
import { StrayParcelCreateDocument } from "@/gql/stray";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { uniqueKey } from "@/lib/unique";

interface StrayFormProps {
  code: string;
  onDone: (number: string) => void;
  onClose: () => void;
}

/** What can be said about a parcel that nobody expected. */
export function StrayForm({ code, onDone, onClose }: StrayFormProps) {
  const t = useT();
  const explain = useExplain();
  const [key] = useState(uniqueKey);
  const [values, setValues] = useState({ code, sender: "", contents: "" });
  const [photos, setPhotos] = useState<readonly File[]>([]);
  const note = useStep(
    async () =>
      accepted(
        (await execute(StrayParcelCreateDocument, { input: { ...values, key, photos: [...photos] } }))
          .strayParcelCreate,
      ),
    (payload) => payload.strayParcel && onDone(payload.strayParcel.number),
  );
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  return (
    <Dialog
      title={t("receiving.stray.note")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" busy={note.isPending} onClick={() => note.mutate(undefined)}>
            {t("receiving.stray.save")}
          </Button>
        </>
      }
    >
      <TextField
        label={t("receiving.stray.code")}
        maxLength={120}
        value={values.code}
        onChange={(event) => set({ code: event.target.value })}
      />
      <TextField
        label={t("receiving.stray.sender")}
        maxLength={300}
        value={values.sender}
        onChange={(event) => set({ sender: event.target.value })}
      />
      <TextArea
        label={t("receiving.stray.contents")}
        maxLength={2000}
        value={values.contents}
        onChange={(event) => set({ contents: event.target.value })}
      />
      <PhotosField onChoose={setPhotos} />
      {note.error && <Problem>{explain(note.error)}</Problem>}
    </Dialog>
  );
}
