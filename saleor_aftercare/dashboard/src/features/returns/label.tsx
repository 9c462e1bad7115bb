import { Printer } from "lucide-react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { ReturnLabelCreateDocument } from "@/gql/returns";
import type { ReturnCardFragment } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";

/** The printable label of a return. The Dashboard opens it: a tab of the frame's own could not show a PDF. */
export function Label({ ret, detailed = false }: { ret: ReturnCardFragment; detailed?: boolean }) {
  const t = useT();
  const explain = useExplain();
  const create = useStep(async () =>
    accepted((await execute(ReturnLabelCreateDocument, { id: ret.id })).returnLabelCreate),
  );
  const { label } = ret;
  if (label) {
    return (
      <>
        {detailed && (
          <Muted>
            {label.trackingNumber
              ? t("return.label.carrier", { carrier: label.carrier, number: label.trackingNumber })
              : label.number}
          </Muted>
        )}
        <Actions>
          <Button icon={<Printer size={14} aria-hidden />} onClick={() => void openInNewTab(label.a6Url)}>
            {t("return.label.openA6")}
          </Button>
          {detailed && (
            <Button icon={<Printer size={14} aria-hidden />} onClick={() => void openInNewTab(label.a4Url)}>
              {t("return.label.openA4")}
            </Button>
          )}
        </Actions>
      </>
    );
  }
  if (ret.state !== "APPROVED") {
    return detailed ? (
      <Muted>{t(ret.state === "REQUESTED" ? "return.label.notYet" : "return.label.none")}</Muted>
    ) : null;
  }
  return (
    <>
      {detailed && <Muted>{t("return.label.none")}</Muted>}
      <Actions>
        <Button
          icon={<Printer size={14} aria-hidden />}
          busy={create.isPending}
          onClick={() => create.mutate(undefined)}
        >
          {t("return.label.create")}
        </Button>
      </Actions>
      {create.error && <Problem>{explain(create.error)}</Problem>}
    </>
  );
}
