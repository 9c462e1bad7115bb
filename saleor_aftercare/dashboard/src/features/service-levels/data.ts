import { useQuery } from "@tanstack/react-query";
import {
  HolidayCountriesDocument,
  HolidaysOfYearDocument,
  ServiceLevelsDocument,
  SlaTeamsDocument,
} from "@/gql/service-levels";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

/** Calendars, policies, and the answer that every shop promises. */
export function useServiceLevels() {
  return useQuery({
    queryKey: keys.serviceLevels,
    queryFn: ({ signal }) => execute(ServiceLevelsDocument, {}, signal),
  });
}

export function useTeams() {
  return useQuery({
    queryKey: keys.slaTeams,
    queryFn: async ({ signal }) => (await execute(SlaTeamsDocument, {}, signal)).teams,
  });
}

export function useHolidayCountries() {
  return useQuery({
    queryKey: keys.holidayCountries,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => (await execute(HolidayCountriesDocument, {}, signal)).holidayCountries,
  });
}

export function useHolidays(country: string, subdivision: string, year: number) {
  return useQuery({
    queryKey: keys.holidays(country, subdivision, year),
    enabled: country !== "",
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await execute(HolidaysOfYearDocument, { country, subdivision: subdivision || null, year }, signal))
        .holidays,
  });
}
