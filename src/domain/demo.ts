import type { Role } from "./tenant";

/** The people of the demonstration, as the sign-in page offers them and `seed demo` creates them. Never created where DEMO is 0. */
export const DEMO_TENANT = { name: "禾川智能装备", slug: "hechuan-demo" } as const;
export const DEMO_NEIGHBOUR = { name: "云岭茶业", slug: "yunling-demo" } as const;

export type DemoPerson = { role: Role | "operator"; name: string; email: string; password: string };

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { role: "finance", name: "沈予安", email: "finance@hechuan.example", password: "hechuan-finance-88" },
  { role: "owner", name: "周予墨", email: "owner@hechuan.example", password: "hechuan-owner-88" },
  { role: "admin", name: "陆嘉禾", email: "admin@hechuan.example", password: "hechuan-admin-88" },
  { role: "viewer", name: "林知遥", email: "viewer@hechuan.example", password: "hechuan-viewer-88" },
  { role: "operator", name: "平台值班", email: "operator@platform.example", password: "platform-operator-2026" },
];
