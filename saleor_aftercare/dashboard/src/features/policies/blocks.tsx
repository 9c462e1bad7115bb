import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button } from "@/components/button";
import { Choice, SelectField, TextArea, TextField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import type { PolicyQuery } from "@/gql/types";
import { useT } from "@/lib/intl";
import { EEA, useCountries } from "./countries";
import { SumsField, TokenField, useFieldError } from "./fields";
import styles from "./policies.module.css";
import { newAddress, type PolicyValues } from "./values";

const useForm = () => useFormContext<PolicyValues>();

interface ReasonsProps {
  reasons: PolicyQuery["returnReasonCatalogue"];
}

export function ApprovalBlock({ reasons }: ReasonsProps) {
  const t = useT();
  const { register } = useForm();
  const auto = useWatch<PolicyValues, "autoApprove">({ name: "autoApprove" });
  const most = useFieldError("autoApproveMaxReturns");
  return (
    <Block title={t("policies.approval")} help={t("policies.approvalHelp")}>
      <Choice
        label={t("policies.autoApprove")}
        help={t("policies.autoApproveHelp")}
        {...register("autoApprove")}
      />
      {auto && (
        <>
          <SumsField
            name="autoApproveLimit"
            label={t("policies.autoLimit")}
            help={t("policies.autoLimitHelp")}
          />
          <TextField
            inputMode="numeric"
            label={t("common.optional", { label: t("policies.autoMost") })}
            help={t("policies.autoMostHelp")}
            error={most}
            {...register("autoApproveMaxReturns")}
          />
          <fieldset className={styles.group}>
            <legend className={styles.legend}>{t("policies.autoReasons")}</legend>
            <p className={styles.help}>{t("policies.autoReasonsHelp")}</p>
            {reasons
              .filter(({ active }) => active)
              .map(({ code, label }) => (
                <Choice key={code} label={label} value={code} {...register("autoApproveReasons")} />
              ))}
          </fieldset>
        </>
      )}
    </Block>
  );
}

export function EvidenceBlock({ reasons }: ReasonsProps) {
  const t = useT();
  const { register } = useForm();
  const error = useFieldError("evidence");
  return (
    <Block title={t("policies.evidence")} help={t("policies.evidenceHelp")}>
      <div className={styles.evidence}>
        {reasons
          .filter(({ active }) => active)
          .map(({ code, label }) => (
            <TextField
              key={code}
              inputMode="numeric"
              placeholder="0"
              label={label}
              {...register(`evidence.${code}`)}
            />
          ))}
      </div>
      {error !== undefined && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </Block>
  );
}

export function WithdrawalBlock() {
  const t = useT();
  const countries = useCountries();
  const { register, setValue } = useForm();
  const enabled = useWatch<PolicyValues, "withdrawalEnabled">({ name: "withdrawalEnabled" });
  const error = useFieldError("withdrawalDays");
  return (
    <Block title={t("policies.withdrawal")} help={t("policies.withdrawalHelp")}>
      <Choice
        label={t("policies.withdrawalEnabled")}
        help={t("policies.withdrawalEnabledHelp")}
        {...register("withdrawalEnabled")}
      />
      {enabled && (
        <>
          <TextField
            inputMode="numeric"
            label={t("policies.withdrawalDays")}
            error={error}
            {...register("withdrawalDays")}
          />
          <TokenField
            name="withdrawalCountries"
            label={t("policies.withdrawalCountries")}
            show={countries.name}
            tidy={countries.tidy}
          />
          <div>
            <Button onClick={() => setValue("withdrawalCountries", [...EEA], { shouldDirty: true })}>
              {t("policies.allOfEea")}
            </Button>
          </div>
        </>
      )}
    </Block>
  );
}

export function MoneyBlock() {
  const t = useT();
  const { register } = useForm();
  const errors = { ship: useFieldError("shipWithinDays"), advance: useFieldError("advanceExchangeDays") };
  return (
    <Block title={t("policies.money")} help={t("policies.moneyHelp")}>
      <Choice label={t("policies.refundShipping")} {...register("refundOriginalShipping")} />
      <SelectField label={t("policies.tender")} help={t("policies.tenderHelp")} {...register("tenderOrder")}>
        <option value="CARD_FIRST">{t("policies.tender.CARD_FIRST")}</option>
        <option value="GIFT_CARD_FIRST">{t("policies.tender.GIFT_CARD_FIRST")}</option>
      </SelectField>
      <SumsField name="keepItemLimit" label={t("policies.keep")} help={t("policies.keepHelp")} />
      <Pair>
        <TextField
          inputMode="numeric"
          label={t("policies.shipWithin")}
          help={t("policies.shipWithinHelp")}
          error={errors.ship}
          {...register("shipWithinDays")}
        />
        <TextField
          inputMode="numeric"
          label={t("policies.advance")}
          help={t("policies.advanceHelp")}
          error={errors.advance}
          {...register("advanceExchangeDays")}
        />
      </Pair>
    </Block>
  );
}

const ADDRESS = [
  "name",
  "company",
  "street1",
  "street2",
  "postalCode",
  "city",
  "countryArea",
  "country",
  "phone",
] as const;

export function AddressesBlock() {
  const t = useT();
  const { fields, append, remove } = useFieldArray<PolicyValues, "returnAddresses">({
    name: "returnAddresses",
  });
  return (
    <Block title={t("policies.addresses")} help={t("policies.addressesHelp")}>
      {fields.map((field, index) => (
        <AddressFields key={field.id} index={index} onRemove={() => remove(index)} />
      ))}
      <div>
        <Button
          icon={<Plus size={14} aria-hidden />}
          onClick={() => append(newAddress(), { shouldFocus: false })}
        >
          {t("policies.addAddress")}
        </Button>
      </div>
    </Block>
  );
}

function AddressFields({ index, onRemove }: { index: number; onRemove: () => void }) {
  const t = useT();
  const countries = useCountries();
  const { register, formState } = useForm();
  const errors = formState.errors.returnAddresses?.[index]?.address;
  return (
    <fieldset className={styles.group}>
      <TokenField
        name={`returnAddresses.${index}.countries`}
        label={t("policies.addressCountries")}
        show={countries.name}
        tidy={countries.tidy}
      />
      <Pair>
        {ADDRESS.map((part) => (
          <TextField
            key={part}
            label={t(`settings.address.${part}`)}
            error={errors?.[part]?.message}
            {...register(`returnAddresses.${index}.address.${part}`)}
          />
        ))}
      </Pair>
      <div>
        <Button icon={<Trash2 size={14} aria-hidden />} onClick={onRemove}>
          {t("policies.removeAddress")}
        </Button>
      </div>
    </fieldset>
  );
}

export function StatementBlock() {
  const t = useT();
  const { register } = useForm();
  const errors = { en: useFieldError("statement.en"), ja: useFieldError("statement.ja") };
  return (
    <Block title={t("policies.statement")} help={t("policies.statementHelp")}>
      <TextArea
        rows={4}
        lang="en"
        label={t("settings.language.en")}
        error={errors.en}
        {...register("statement.en")}
      />
      <TextArea
        rows={4}
        lang="ja"
        label={t("settings.language.ja")}
        error={errors.ja}
        {...register("statement.ja")}
      />
    </Block>
  );
}
