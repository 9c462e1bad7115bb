import { Choice, SelectField, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import type { SlaTarget } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Ticks } from "./ticks";
import { PAUSES, type TargetValue, type Unit } from "./values";

const UNITS: readonly Unit[] = ["minutes", "hours", "days"];

/** How long, counted how, with which warning and which pauses. */
export function TargetFields({
  kind,
  value,
  onChange,
}: {
  kind: SlaTarget;
  value: TargetValue;
  onChange: (value: TargetValue) => void;
}) {
  const t = useT();
  const set = (change: Partial<TargetValue>) => onChange({ ...value, ...change });
  return (
    <>
      <Choice
        label={t("sla.target.promised", { target: t(`sla.target.${kind}`) })}
        checked={value.promised}
        onChange={(event) => set({ promised: event.target.checked })}
      />
      {value.promised && (
        <>
          <Pair>
            <TextField
              label={t("sla.target.within")}
              inputMode="numeric"
              value={value.amount}
              onChange={(event) => set({ amount: event.target.value })}
            />
            <UnitField value={value.unit} onChange={(unit) => set({ unit })} />
          </Pair>
          <SelectField
            label={t("sla.target.counted")}
            value={value.inWorkingTime ? "working" : "clock"}
            onChange={(event) => set({ inWorkingTime: event.target.value === "working" })}
          >
            <option value="working">{t("sla.inWorkingTime.long")}</option>
            <option value="clock">{t("sla.byTheClock.long")}</option>
          </SelectField>
          <Pair>
            <TextField
              label={t("sla.target.warn")}
              help={t("sla.target.warnHelp")}
              inputMode="numeric"
              value={value.warn}
              onChange={(event) => set({ warn: event.target.value })}
            />
            <UnitField value={value.warnUnit} onChange={(warnUnit) => set({ warnUnit })} />
          </Pair>
          <Ticks
            legend={t("sla.target.pauseOn")}
            options={PAUSES.map((one) => ({ value: one, label: t(`sla.standing.${one}`) }))}
            chosen={value.pauseOn}
            onChange={(pauseOn) => set({ pauseOn })}
          />
        </>
      )}
    </>
  );
}

function UnitField({ value, onChange }: { value: Unit; onChange: (unit: Unit) => void }) {
  const t = useT();
  return (
    <SelectField
      label={t("sla.unit")}
      value={value}
      onChange={(event) => onChange(event.target.value as Unit)}
    >
      {UNITS.map((unit) => (
        <option key={unit} value={unit}>
          {t(`sla.unit.${unit}`)}
        </option>
      ))}
    </SelectField>
  );
}
