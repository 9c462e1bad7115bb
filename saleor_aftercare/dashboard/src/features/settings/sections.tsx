import { useFormContext } from "react-hook-form";
import { Warning } from "@/components/feedback";
import { Choice, SelectField, TextArea, TextField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import { useT } from "@/lib/intl";
import { useRules } from "./rules";
import type { SettingsValues } from "./values";

const useForm = () => useFormContext<SettingsValues>();

export function SenderBlock() {
  const t = useT();
  const rules = useRules();
  const { register, formState } = useForm();
  const { errors } = formState;
  return (
    <Block title={t("settings.sender")} help={t("settings.senderHelp")}>
      <TextField
        label={t("common.optional", { label: t("settings.senderName") })}
        help={t("settings.senderNameHelp")}
        error={errors.senderName?.message}
        {...register("senderName")}
      />
      <Pair>
        <TextField
          type="email"
          label={t("common.optional", { label: t("settings.senderEmail") })}
          help={t("settings.senderEmailHelp")}
          error={errors.senderEmail?.message}
          {...register("senderEmail", rules.email)}
        />
        <TextField
          type="email"
          label={t("common.optional", { label: t("settings.replyTo") })}
          error={errors.replyToEmail?.message}
          {...register("replyToEmail", rules.email)}
        />
      </Pair>
      <Pair>
        <SelectField label={t("settings.language")} {...register("defaultLanguage")}>
          <option value="en">{t("settings.language.en")}</option>
          <option value="ja">{t("settings.language.ja")}</option>
        </SelectField>
        <TextField
          inputMode="numeric"
          label={t("settings.answer")}
          help={t("settings.answerHelp")}
          error={errors.answerWithinHours?.message}
          {...register("answerWithinHours", rules.whole(1, 240))}
        />
      </Pair>
      <Pair>
        <TextField
          inputMode="numeric"
          label={t("settings.reopen")}
          help={t("settings.reopenHelp")}
          error={errors.reopenDays?.message}
          {...register("reopenDays", rules.whole(0, 365))}
        />
        <TextField
          inputMode="numeric"
          label={t("settings.rawMail")}
          help={t("settings.rawMailHelp")}
          error={errors.rawMailDays?.message}
          {...register("rawMailDays", rules.whole(0, 3650))}
        />
      </Pair>
    </Block>
  );
}

export function AddressBlock() {
  const t = useT();
  const rules = useRules();
  const { register, formState } = useForm();
  const errors = formState.errors.returnAddress;
  return (
    <Block title={t("settings.address")} help={t("settings.addressHelp")}>
      <Pair>
        <TextField label={t("settings.address.name")} {...register("returnAddress.name")} />
        <TextField
          label={t("common.optional", { label: t("settings.address.company") })}
          {...register("returnAddress.company")}
        />
      </Pair>
      <TextField
        label={t("settings.address.street1")}
        error={errors?.street1?.message}
        {...register("returnAddress.street1", rules.address)}
      />
      <TextField
        label={t("common.optional", { label: t("settings.address.street2") })}
        {...register("returnAddress.street2")}
      />
      <Pair>
        <TextField
          label={t("settings.address.postalCode")}
          error={errors?.postalCode?.message}
          {...register("returnAddress.postalCode")}
        />
        <TextField
          label={t("settings.address.city")}
          error={errors?.city?.message}
          {...register("returnAddress.city", rules.address)}
        />
      </Pair>
      <Pair>
        <TextField
          label={t("common.optional", { label: t("settings.address.countryArea") })}
          {...register("returnAddress.countryArea")}
        />
        <TextField
          maxLength={2}
          label={t("settings.address.country")}
          error={errors?.country?.message}
          {...register("returnAddress.country", rules.address)}
        />
      </Pair>
      <TextField
        type="tel"
        label={t("common.optional", { label: t("settings.address.phone") })}
        {...register("returnAddress.phone")}
      />
    </Block>
  );
}

export function DeliveryBlock() {
  const t = useT();
  const rules = useRules();
  const { register, formState, watch } = useForm();
  const { errors } = formState;
  return (
    <Block title={t("settings.delivery")} help={t("settings.deliveryHelp")}>
      <TextField
        inputMode="numeric"
        label={t("settings.estimatedDays")}
        error={errors.estimatedDeliveryDays?.message}
        {...register("estimatedDeliveryDays", rules.whole(0, 60))}
      />
      <Choice
        label={t("settings.checkEnabled")}
        help={t("settings.checkEnabledHelp")}
        {...register("arrivalCheckEnabled")}
      />
      <TextField
        inputMode="numeric"
        label={t("settings.checkDays")}
        readOnly={!watch("arrivalCheckEnabled")}
        error={errors.arrivalCheckDays?.message}
        {...register("arrivalCheckDays", rules.whole(0, 60))}
      />
    </Block>
  );
}

export function ExchangeBlock() {
  const t = useT();
  const { register, formState } = useForm();
  return (
    <Block title={t("settings.exchange")} help={t("settings.exchangeHelp")}>
      <TextField
        label={t("common.optional", { label: t("settings.paymentLink") })}
        help={t("settings.paymentLinkHelp", { id: "{order_id}", number: "{order_number}" })}
        error={formState.errors.paymentLink?.message}
        {...register("paymentLink")}
      />
      <TextField
        label={t("common.optional", { label: t("settings.chargeSku") })}
        help={t("settings.chargeSkuHelp")}
        error={formState.errors.chargeSku?.message}
        {...register("chargeSku")}
      />
    </Block>
  );
}

/** Gift cards of the shop in place of money; `problem` is why none can be made now. */
export function StoreCreditBlock({ problem }: { problem: string | null }) {
  const t = useT();
  const rules = useRules();
  const { register, formState } = useForm();
  return (
    <Block title={t("settings.credit")} help={t("settings.creditHelp")}>
      {problem !== null && <Warning>{problem}</Warning>}
      <Choice label={t("settings.creditEnabled")} {...register("storeCreditEnabled")} />
      <TextField
        inputMode="numeric"
        label={t("settings.creditDays")}
        help={t("settings.creditDaysHelp")}
        error={formState.errors.storeCreditValidDays?.message}
        {...register("storeCreditValidDays", rules.whole(0, 3650))}
      />
      <Choice
        label={t("settings.creditAssigned")}
        help={t("settings.creditAssignedHelp")}
        {...register("storeCreditAssigned")}
      />
    </Block>
  );
}

export function ConnectionBlock() {
  const t = useT();
  const { register, formState, getValues } = useForm();
  return (
    <Block title={t("settings.connection")} help={t("settings.connectionHelp")}>
      <SelectField label={t("settings.timeZone")} help={t("settings.timeZoneHelp")} {...register("timeZone")}>
        {timeZones(getValues("timeZone")).map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </SelectField>
      <TextField
        type="url"
        label={t("settings.dashboardUrl")}
        help={t("settings.dashboardUrlHelp")}
        error={formState.errors.dashboardUrl?.message}
        {...register("dashboardUrl")}
      />
      <TextArea
        label={t("settings.origins")}
        error={formState.errors.allowedOrigins?.message}
        {...register("allowedOrigins")}
      />
    </Block>
  );
}

/** What this browser knows, and in any case the zone that is set. */
function timeZones(current: string): string[] {
  return [...new Set([current, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
