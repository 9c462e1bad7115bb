import type { ReasonPartsFragment, ReturnReasonInput } from "@/gql/types";

interface Words {
  en: string;
  ja: string;
}

export interface QuestionValues {
  /** "" for a new one. */
  code: string;
  words: Words;
  kind: string;
  required: boolean;
  options: { code: string; words: Words }[];
}

export interface ReasonValues {
  words: Words;
  fault: ReasonPartsFragment["fault"];
  active: boolean;
  staffOnly: boolean;
  suggests: string;
  saleorReturnReference: string;
  saleorRefundReference: string;
  questions: QuestionValues[];
}

type Labels = readonly { language: string; text: string }[];

const words = (labels: Labels): Words => {
  const text = (language: string) => labels.find((one) => one.language === language)?.text ?? "";
  return { en: text("en"), ja: text("ja") };
};

const labels = ({ en, ja }: Words) =>
  [
    { language: "en", text: en },
    { language: "ja", text: ja },
  ].filter(({ text }) => text.trim() !== "");

export const newQuestion = (): QuestionValues => ({
  code: "",
  words: words([]),
  kind: "text",
  required: false,
  options: [],
});

export const newOption = () => ({ code: "", words: words([]) });

export function toReasonValues(reason: ReasonPartsFragment | undefined): ReasonValues {
  return {
    words: words(reason?.labels ?? []),
    fault: reason?.fault ?? "CUSTOMER",
    active: reason?.active ?? true,
    staffOnly: reason?.staffOnly ?? false,
    suggests: reason?.suggests ?? "",
    saleorReturnReference: reason?.saleorReturnReference ?? "",
    saleorRefundReference: reason?.saleorRefundReference ?? "",
    questions: (reason?.questions ?? []).map((question) => ({
      code: question.code,
      words: words(question.labels),
      kind: question.kind,
      required: question.required,
      options: question.options.map((option) => ({ code: option.code, words: words(option.labels) })),
    })),
  };
}

export function toReasonInput(values: ReasonValues): ReturnReasonInput {
  const { words: own, suggests, questions, ...rest } = values;
  return {
    ...rest,
    labels: labels(own),
    suggests: suggests === "" ? null : (suggests as NonNullable<ReturnReasonInput["suggests"]>),
    questions: questions.map((question) => ({
      code: question.code === "" ? null : question.code,
      labels: labels(question.words),
      kind: question.kind,
      required: question.required,
      options:
        question.kind === "choice"
          ? question.options.map((option) => ({
              code: option.code === "" ? null : option.code,
              labels: labels(option.words),
            }))
          : [],
    })),
  };
}
