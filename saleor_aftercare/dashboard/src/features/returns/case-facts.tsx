import { Muted, Section } from "@/components/card";
import { Box, Fact, Facts } from "@/components/facts";
import { Problem, Warning } from "@/components/feedback";
import type { ReturnDetailFragment, VelocityPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";

/** What somebody should know before the next step: changes in Saleor, open questions, what staff went beyond. */
export function CaseNotices({ ret }: { ret: ReturnDetailFragment }) {
  const t = useT();
  return (
    <>
      {ret.declineReason !== null && <Problem>{t("case.declined", { reason: ret.declineReason })}</Problem>}
      {ret.warnings.length > 0 && (
        <Warning>
          {ret.warnings.map((one) => (
            <p key={`${one.code} ${one.lineId}`}>{one.message}</p>
          ))}
        </Warning>
      )}
      {ret.question !== null && (
        <Section title={t("return.question")}>
          <Box>
            <p>{ret.question}</p>
            {ret.answer === null ? (
              <Muted>{t("return.question.open")}</Muted>
            ) : (
              <p>{t("return.customerNote", { note: ret.answer })}</p>
            )}
          </Box>
        </Section>
      )}
    </>
  );
}

const SOURCES = ["portal", "api", "staff", "withdrawal", "warehouse"] as const;

/** Dates, deadlines and people that only some returns have. */
export function CaseFacts({ ret }: { ret: ReturnDetailFragment }) {
  const t = useT();
  const format = useFormat();
  const source = SOURCES.find((one) => one === ret.source);
  const facts: [string, string | null][] = [
    [t("return.fact.source"), source ? t(`return.source.${source}`) : ret.source],
    [t("return.fact.policy"), t("return.fact.policyVersion", { version: ret.policyVersion })],
    [t("return.fact.expires"), ret.expiresOn && format.date(ret.expiresOn)],
    [t("return.refundDue"), ret.refundDueOn && format.date(ret.refundDueOn)],
    [t("return.fact.advance"), ret.advanceDueOn && format.date(ret.advanceDueOn)],
    [
      t("return.fact.gift"),
      ret.isGift ? [ret.giftRecipientName, ret.giftRecipientEmail].filter(Boolean).join(" · ") : null,
    ],
    [
      t("return.fact.override"),
      ret.overrideReason && [ret.overrideReason, ret.overriddenBy].filter(Boolean).join(" – "),
    ],
    [
      t("return.fact.sendback"),
      ret.sendbackStoredUntil &&
        t("return.fact.storedUntil", {
          date: format.date(ret.sendbackStoredUntil),
          payer: ret.sendbackPayer ? t(`return.pays.${ret.sendbackPayer}`) : "",
        }),
    ],
    [t("return.fact.closing"), ret.closingNote],
  ];
  return (
    <Facts>
      {facts.map(([label, value]) =>
        value ? (
          <Fact key={label} label={label}>
            {value}
          </Fact>
        ) : null,
      )}
    </Facts>
  );
}

/** How often goods come back from this person and this address. Shown to staff; never a ground against a right. */
export function Signals({ ret }: { ret: ReturnDetailFragment }) {
  const t = useT();
  const { signals } = ret;
  if (signals === null) {
    return null;
  }
  const found = [
    signals.wrongItems > 0 ? t("return.signal.wrong", { count: signals.wrongItems }) : "",
    signals.missingUnits > 0 ? t("return.signal.missing", { count: signals.missingUnits }) : "",
    signals.rejectedUnits > 0 ? t("return.signal.rejected", { count: signals.rejectedUnits }) : "",
    signals.peopleAtAddress > 1 ? t("return.signal.people", { count: signals.peopleAtAddress }) : "",
  ].filter(Boolean);
  return (
    <Section title={t("return.signals")}>
      <Facts>
        {signals.person.map((one) => (
          <Velocity key={one.days} of={one} />
        ))}
      </Facts>
      {found.map((line) => (
        <Muted key={line}>{line}</Muted>
      ))}
      {!signals.historyCounts && <Muted>{t("return.signals.statutory")}</Muted>}
    </Section>
  );
}

function Velocity({ of }: { of: VelocityPartsFragment }) {
  const t = useT();
  const format = useFormat();
  return (
    <Fact label={t("return.signal.days", { days: of.days })}>
      {t("return.signal.returns", { returns: of.returns, orders: of.orders, value: format.money(of.value) })}
      {of.sharePercent !== null && ` (${t("return.signal.share", { percent: of.sharePercent })})`}
    </Fact>
  );
}
