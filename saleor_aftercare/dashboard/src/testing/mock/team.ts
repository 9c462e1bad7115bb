import type {
  HookPartsFragment,
  NoticePartsFragment,
  PreferencesPartsFragment,
  ProfilePartsFragment,
  RoleRulePartsFragment,
  RulePartsFragment,
  TeamPartsFragment,
  TrialPartsFragment,
} from "@/gql/types";
import type { World } from "./world";

interface TeamWorld {
  teams: TeamPartsFragment[];
  profiles: ProfilePartsFragment[];
  roles: RoleRulePartsFragment[];
  rules: RulePartsFragment[];
  notices: NoticePartsFragment[];
  preferences: PreferencesPartsFragment;
  hooks: HookPartsFragment[];
  trial: TrialPartsFragment;
}

const HELD = new WeakMap<World, TeamWorld>();

const profile = (id: string, name: string): ProfilePartsFragment => ({
  member: { id, name, email: `${id}@acme.test`, isMe: id === "staff-1" },
  groups: ["Customer support"],
  languages: ["ja"],
  channels: [],
  skills: ["Knives"],
  capacity: 0,
  takesTurns: true,
  absences: [],
});

/** The mock shop's team, its rules and what its people were told. */
export function teamIn(world: World): TeamWorld {
  let held = HELD.get(world);
  if (!held) {
    held = {
      teams: [
        {
          id: "team-1",
          name: "Japan",
          assignment: "ROUND_ROBIN",
          isOutsourced: false,
          reassignsOnBreach: true,
          members: [{ id: "staff-1", name: "Emma" }],
        },
      ],
      profiles: [profile("staff-1", "Emma"), profile("staff-2", "Aki")],
      roles: [],
      rules: [
        {
          id: "rule-1",
          version: 1,
          name: "Big orders",
          enabled: true,
          when: ["OPENED"],
          since: "CUSTOMER_WROTE",
          waitHours: 24,
          anyIsEnough: false,
          stop: false,
          conditions: [{ field: "order_total", op: "at_least", values: ["200"] }],
          steps: [{ do: "team", values: ["team-1"] }],
        },
        {
          id: "rule-2",
          version: 3,
          name: "No answer",
          enabled: false,
          when: ["WAITED"],
          since: "STAFF_ANSWERED",
          waitHours: 72,
          anyIsEnough: false,
          stop: true,
          conditions: [],
          steps: [{ do: "state", values: ["solve"] }],
        },
      ],
      notices: [
        {
          id: "notice-1",
          kind: "MENTION",
          text: "Aki mentioned you in #1001.",
          subject: "Hand grinder",
          ticketNumber: 1001,
          createdAt: "2026-11-20T10:00:00Z",
          isRead: false,
        },
      ],
      preferences: { app: ["MENTION", "ASSIGNED"], mail: [], digest: "daily", hour: 9 },
      hooks: [],
      trial: { id: "trial-1", state: "DONE", total: 12, lookedAt: 12, matched: 2, matches: [] },
    };
    HELD.set(world, held);
  }
  return held;
}

const done = { errors: [] };

/** What the mock service answers about the team. */
export const teamOf = (world: World) => {
  const team = teamIn(world);
  return {
    teams: () =>
      team.teams.map(({ members, ...one }) => ({
        ...one,
        members: members.map((member) => ({ ...member, isMe: false })),
      })),
    staffProfiles: () => team.profiles,
    roleRules: () => team.roles,
    permissionGroups: () => ["Customer support", "Partner agents"],
    rules: () => team.rules,
    ruleRuns: () => [],
    ruleTrial: () => team.trial,
    noticeCount: () => team.notices.filter(({ isRead }) => !isRead).length,
    notices: () => ({
      pageInfo: { endCursor: null, hasNextPage: false, hasPreviousPage: false, startCursor: null },
      edges: team.notices.map((node) => ({ node, cursor: node.id })),
    }),
    noticePreferences: () => team.preferences,
    noticeHooks: () => team.hooks,
    myAbsences: () => [],
    teamSave: () => ({ team: team.teams[0], ...done }),
    teamArchive: () => done,
    staffProfileSave: () => ({ profile: team.profiles[0], ...done }),
    absenceSave: () => ({ absence: null, ...done }),
    absenceDelete: () => done,
    roleRulesSave: ({ rules }: { rules: { group: string }[] }) =>
      rules.some(({ group }) => group === "")
        ? {
            rules: null,
            errors: [
              { field: "rules.0.group", message: "Please fill in this field.", code: "INVALID", item: null },
            ],
          }
        : { rules: [], ...done },
    noticesMarkRead: () => {
      team.notices = team.notices.map((notice) => ({ ...notice, isRead: true }));
      return { count: 0, ...done };
    },
    noticePreferencesUpdate: ({ input }: { input: PreferencesPartsFragment }) => {
      team.preferences = { ...input };
      return { preferences: team.preferences, ...done };
    },
    noticeHookSave: () => ({ hook: null, ...done }),
    noticeHookTest: () => ({
      errors: [{ field: null, message: "The other side answered 404.", code: "PROVIDER_ERROR", item: null }],
    }),
    noticeHookDelete: () => done,
    ruleSave: ({ name }: { name: string }) =>
      name === ""
        ? {
            rule: null,
            errors: [{ field: "name", message: "Please fill in this field.", code: "INVALID", item: null }],
          }
        : { rule: team.rules[0], ...done },
    ruleEnable: ({ id, enabled }: { id: string; enabled: boolean }) => {
      team.rules = team.rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule));
      return done;
    },
    ruleMove: ({ id, to }: { id: string; to: number }) => {
      const moved = team.rules.filter((rule) => rule.id === id);
      const rest = team.rules.filter((rule) => rule.id !== id);
      team.rules = [...rest.slice(0, to - 1), ...moved, ...rest.slice(to - 1)];
      return { rules: team.rules, ...done };
    },
    ruleDelete: () => done,
    ruleTest: () => ({ acts: false, conditions: [false], ...done }),
    ruleTrialStart: () => ({ trial: { ...team.trial, state: "RUNNING", lookedAt: 0 }, ...done }),
    ruleTrialStop: () => ({ trial: team.trial, ...done }),
  };
};
