import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { FormProvider, useFieldArray, useForm, useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import { ReasonSaveDocument, SaleorReasonsDocument } from "@/gql/policies";
import type { ReasonPartsFragment, SaleorReasonsQuery } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./policies.module.css";
import { newOption, newQuestion, type ReasonValues, toReasonInput, toReasonValues } from "./reason-values";

/** One reason: its words, whose doing it is, what to ask, and which of Saleor's reasons it is. */
export function ReasonDialog({
  reason,
  onClose,
}: {
  reason: ReasonPartsFragment | undefined;
  onClose: () => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const form = useForm<ReasonValues>({ defaultValues: toReasonValues(reason) });
  const save = useMutation({
    mutationFn: async (values: ReasonValues) =>
      accepted(
        (await execute(ReasonSaveDocument, { code: reason?.code ?? null, input: toReasonInput(values) }))
          .returnReasonSave,
      ).reasons,
    onSuccess: (saved) => {
      if (saved) {
        client.setQueryData(keys.reasons, saved);
      }
      notify("success", t("reasons.saved"));
      onClose();
    },
  });
  const submit = () => void form.handleSubmit((values) => save.mutate(values))();
  return (
    <FormProvider {...form}>
      <Dialog
        side
        title={reason ? reason.label : t("reasons.add")}
        onClose={onClose}
        footer={
          <>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
            <Button variant="primary" busy={save.isPending} onClick={submit}>
              {t("settings.save")}
            </Button>
          </>
        }
      >
        <form
          className={styles.fields}
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {save.error && <Problem>{explain(save.error)}</Problem>}
          <Words reason={reason} />
          <SelectField label={t("reasons.fault")} help={t("reasons.faultHelp")} {...form.register("fault")}>
            {(["MERCHANT", "CARRIER", "CUSTOMER"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`reasons.fault.${one}`)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t("reasons.suggests")}
            help={t("reasons.suggestsHelp")}
            {...form.register("suggests")}
          >
            <option value="">{t("reasons.suggests.nothing")}</option>
            {(["REPAIR", "EXCHANGE", "STORE_CREDIT"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`policies.resolution.${one}`)}
              </option>
            ))}
          </SelectField>
          <Choice label={t("reasons.active")} help={t("reasons.activeHelp")} {...form.register("active")} />
          <Choice label={t("reasons.staffOnly")} {...form.register("staffOnly")} />
          <References />
          <Questions />
        </form>
      </Dialog>
    </FormProvider>
  );
}

function Words({ reason }: { reason: ReasonPartsFragment | undefined }) {
  const t = useT();
  const { register } = useFormContext<ReasonValues>();
  return (
    <Pair>
      <TextField
        lang="en"
        maxLength={100}
        label={t("reasons.words.en")}
        {...(reason?.builtIn && { help: t("reasons.builtInHelp") })}
        {...register("words.en")}
      />
      <TextField lang="ja" maxLength={100} label={t("reasons.words.ja")} {...register("words.ja")} />
    </Pair>
  );
}

/** Saleor's own reasons; asked for only here, because that asks Saleor. */
function References() {
  const t = useT();
  const explain = useExplain();
  const { data, error } = useQuery({
    queryKey: keys.saleorReasons,
    retry: false,
    queryFn: async ({ signal }) => (await execute(SaleorReasonsDocument, {}, signal)).saleorReasons,
  });
  if (error) {
    return <Problem>{explain(error)}</Problem>;
  }
  if (!data) {
    return null;
  }
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t("reasons.saleor")}</legend>
      <p className={styles.help}>{t("reasons.saleorHelp")}</p>
      <Reference
        name="saleorRefundReference"
        label={t("reasons.saleor.refund")}
        none={t("reasons.saleor.noRefunds")}
        pages={data.refunds}
      />
      <Reference
        name="saleorReturnReference"
        label={t("reasons.saleor.return")}
        none={t("reasons.saleor.noReturns")}
        pages={data.returns}
      />
    </fieldset>
  );
}

function Reference({
  name,
  label,
  none,
  pages,
}: {
  name: "saleorRefundReference" | "saleorReturnReference";
  label: string;
  none: string;
  pages: SaleorReasonsQuery["saleorReasons"]["refunds"];
}) {
  const t = useT();
  const { register } = useFormContext<ReasonValues>();
  if (pages.length === 0) {
    return <p className={styles.help}>{none}</p>;
  }
  return (
    <SelectField label={label} {...register(name)}>
      <option value="">{t("reasons.saleor.none")}</option>
      {pages.map((page) => (
        <option key={page.id} value={page.id}>
          {page.title}
        </option>
      ))}
    </SelectField>
  );
}

function Questions() {
  const t = useT();
  const { fields, append, remove } = useFieldArray<ReasonValues, "questions">({ name: "questions" });
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t("reasons.questions")}</legend>
      <p className={styles.help}>{t("reasons.questionsHelp")}</p>
      {fields.map((field, index) => (
        <QuestionFields key={field.id} index={index} onRemove={() => remove(index)} />
      ))}
      <div>
        <Button
          icon={<Plus size={14} aria-hidden />}
          onClick={() => append(newQuestion(), { shouldFocus: false })}
        >
          {t("reasons.addQuestion")}
        </Button>
      </div>
    </fieldset>
  );
}

function QuestionFields({ index, onRemove }: { index: number; onRemove: () => void }) {
  const t = useT();
  const at = `questions.${index}` as const;
  const { register } = useFormContext<ReasonValues>();
  const kind = useWatch<ReasonValues, `questions.${number}.kind`>({ name: `${at}.kind` });
  const options = useFieldArray<ReasonValues, `questions.${number}.options`>({ name: `${at}.options` });
  return (
    <fieldset className={styles.group} aria-label={t("reasons.question", { number: index + 1 })}>
      <Pair>
        <TextField lang="en" maxLength={100} label={t("reasons.ask.en")} {...register(`${at}.words.en`)} />
        <TextField lang="ja" maxLength={100} label={t("reasons.ask.ja")} {...register(`${at}.words.ja`)} />
      </Pair>
      <SelectField label={t("reasons.kind")} {...register(`${at}.kind`)}>
        <option value="text">{t("reasons.kind.text")}</option>
        <option value="choice">{t("reasons.kind.choice")}</option>
      </SelectField>
      <Choice label={t("reasons.required")} {...register(`${at}.required`)} />
      {kind === "choice" && (
        <>
          {options.fields.map((field, one) => (
            <div key={field.id} className={styles.sum}>
              <TextField
                lang="en"
                maxLength={100}
                label={t("reasons.answer.en", { number: one + 1 })}
                {...register(`${at}.options.${one}.words.en`)}
              />
              <TextField
                lang="ja"
                maxLength={100}
                label={t("reasons.answer.ja", { number: one + 1 })}
                {...register(`${at}.options.${one}.words.ja`)}
              />
              <Button
                icon={<Trash2 size={14} aria-hidden />}
                aria-label={t("reasons.removeAnswer", { number: one + 1 })}
                onClick={() => options.remove(one)}
              />
            </div>
          ))}
          <div>
            <Button
              icon={<Plus size={14} aria-hidden />}
              onClick={() => options.append(newOption(), { shouldFocus: false })}
            >
              {t("reasons.addAnswer")}
            </Button>
          </div>
        </>
      )}
      <div>
        <Button icon={<Trash2 size={14} aria-hidden />} onClick={onRemove}>
          {t("reasons.removeQuestion")}
        </Button>
      </div>
    </fieldset>
  );
}
