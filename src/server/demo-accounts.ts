import type { Role } from "~/domain/tenant";

/**
 * Who may sign in to the demonstration. The seed makes them and the sign-in page offers them, both only with DEMO=1; their password
 * is public, so they exist nowhere else.
 */
export type DemoAccount = { role: Role | "operator"; name: string; email: string; password: string };

const password = "qingshan-lvshui-88";

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  { role: "finance", name: "沈予安", email: "finance@demo.example", password },
  { role: "owner", name: "顾清和", email: "owner@demo.example", password },
  { role: "admin", name: "陆知行", email: "admin@demo.example", password },
  { role: "viewer", name: "林知遥", email: "viewer@demo.example", password },
  { role: "operator", name: "周望舒", email: "operator@demo.example", password },
];
