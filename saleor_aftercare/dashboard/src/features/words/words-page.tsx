import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProvider, useForm, useFormContext } from "react-hook-form";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { TextArea, TextField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import type { WordsPartsFragment } from "@/gql/types";
import { ShopWordsDocument, ShopWordsSaveDocument } from "@/gql/words";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";

const LANGUAGES = ["en", "ja"] as const;
type Language = (typeof LANGUAGES)[number];

interface LetterValues {
  subject: string;
  body: string;
  signature: string;
}

interface WordsValues {
  letters: Record<Language, LetterValues>;
  instructions: Record<Language, string>;
}

const EMPTY: LetterValues = { subject: "", body: "", signature: "" };

function toValues(words: WordsPartsFragment): WordsValues {
  const letter = (language: Language): LetterValues => {
    const { subject, body, signature } =
      words.apologyLetters.find((one) => one.language === language) ?? EMPTY;
    return { subject, body, signature };
  };
  const instruction = (language: Language) =>
    words.returnInstructions.find((one) => one.language === language)?.text ?? "";
  return {
    letters: { en: letter("en"), ja: letter("ja") },
    instructions: { en: instruction("en"), ja: instruction("ja") },
  };
}

const fetchWords = async (signal?: AbortSignal) => (await execute(ShopWordsDocument, {}, signal)).shopWords;

/** What the shop says on paper: the letter with a replacement, and what senders of parcels are told. */
export function WordsPage() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.words,
    // Never exchanged under somebody's hands: a newer version is met when saving, as a conflict.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => fetchWords(signal),
  });
  return (
    <Page title={t("words.title")} back={{ href: "/settings", label: t("settings.title") }}>
      {data ? (
        <WordsForm words={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={40} />
      )}
    </Page>
  );
}

function WordsForm({ words }: { words: WordsPartsFragment }) {
  const t = useT();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const form = useForm<WordsValues>({ defaultValues: toValues(words) });
  const { isDirty, dirtyFields } = form.formState;
  const [theirs, setTheirs] = useState<WordsPartsFragment>();

  const adopt = (newest: WordsPartsFragment) => {
    client.setQueryData(keys.words, newest);
    form.reset(toValues(newest));
    setTheirs(undefined);
  };
  const save = useMutation({
    mutationFn: async ({ values, version }: { values: WordsValues; version: number }) => {
      const letters = LANGUAGES.filter((one) => dirtyFields.letters?.[one]);
      const instructions = LANGUAGES.filter((one) => dirtyFields.instructions?.[one]);
      const { shopWordsUpdate } = await execute(ShopWordsSaveDocument, {
        version,
        apologyLetters: letters.map((language) => ({ language, ...values.letters[language] })),
        returnInstructions: instructions.map((language) => ({
          language,
          text: values.instructions[language],
        })),
      });
      return accepted(shopWordsUpdate).words;
    },
    onSuccess: (saved) => {
      if (saved) {
        adopt(saved);
      }
      notify("success", t("settings.saved"));
    },
    onError: async (error) => {
      if (error instanceof Refusal && error.code === "CONFLICT") {
        setTheirs(await fetchWords());
      }
    },
  });
  const submit = (version: number) => form.handleSubmit((values) => save.mutate({ values, version }))();

  return (
    <FormProvider {...form}>
      <SettingsForm
        mayChange={mayChange}
        onSubmit={() => void submit(words.version)}
        bar={
          <SaveBar
            dirty={isDirty}
            busy={save.isPending}
            error={save.error}
            conflict={theirs && { onTheirs: () => adopt(theirs), onMine: () => void submit(theirs.version) }}
            onDiscard={() => form.reset(toValues(words))}
          />
        }
      >
        {LANGUAGES.map((language) => (
          <LetterBlock key={language} language={language} own={words.ownLetters.includes(language)} />
        ))}
        <InstructionsBlock />
      </SettingsForm>
      <ExitGuard dirty={isDirty} />
    </FormProvider>
  );
}

function LetterBlock({ language, own }: { language: Language; own: boolean }) {
  const t = useT();
  const { register, setValue } = useFormContext<WordsValues>();
  const name = `letters.${language}` as const;
  return (
    <Block
      title={t("words.letter", { language: t(`settings.language.${language}`) })}
      help={t("words.letterHelp", {
        blanks: "{customer}, {goods}, {shop}, {order}, {case}, {replacement_order}",
      })}
    >
      <TextField label={t("words.subject")} maxLength={160} {...register(`${name}.subject`)} />
      <TextArea label={t("words.body")} rows={12} maxLength={6000} {...register(`${name}.body`)} />
      <TextArea label={t("words.signature")} rows={2} maxLength={300} {...register(`${name}.signature`)} />
      <Actions>
        {own ? (
          <Button onClick={() => setValue(name, EMPTY, { shouldDirty: true })}>{t("words.ours")}</Button>
        ) : (
          <Muted>{t("words.areOurs")}</Muted>
        )}
      </Actions>
    </Block>
  );
}

function InstructionsBlock() {
  const t = useT();
  const { register } = useFormContext<WordsValues>();
  return (
    <Block title={t("words.instructions")} help={t("words.instructionsHelp")}>
      {LANGUAGES.map((language) => (
        <TextArea
          key={language}
          label={t(`settings.language.${language}`)}
          rows={4}
          maxLength={1000}
          {...register(`instructions.${language}`)}
        />
      ))}
    </Block>
  );
}
