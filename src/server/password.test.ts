import { expect, it } from "vitest";
import { hashPassword, passwordFault, passwordFits } from "./password";

const person = { email: "lin.zhiyao@example.com", name: "Lin Zhiyao", isOperator: false };

it("SES-05 passwords have 12 to 128 characters, 15 for platform staff", () => {
  expect(passwordFault("Vk3-pbt9qz!", person)).toBe("too_short");
  expect(passwordFault("Vk3-pbt9qz!w", person)).toBeNull();
  expect(passwordFault("Vk3-pbt9qz!w", { ...person, isOperator: true })).toBe("too_short");
  expect(passwordFault("Vk3-pbt9qz!w7hm", { ...person, isOperator: true })).toBeNull();
  expect(passwordFault("纸鹤渡江第七回灯影未眠时分", person)).toBeNull();
  expect(passwordFault("x7".repeat(65), person)).toBe("too_long");
});

it("SES-05 refuses what guessing starts with, also decorated", () => {
  for (const common of [
    "password1234",
    "P@ssw0rd123456!",
    "Qwertyuiop123",
    "1qaz2wsx3edc4rfv",
    "woaini5201314!!",
    "aaaaaaaaaaaaaa",
    "abababababab",
    "Welcome2024!!!",
    "iloveyou-forever",
    "１２３４５６７８９０１２",
  ]) {
    expect(passwordFault(common, person), common).toBe("common");
  }
  expect(passwordFault("correct horse battery staple", person)).toBeNull();
});

it("SES-05 refuses the person's own name and address", () => {
  expect(passwordFault("zhiyao-kvq-81m", person)).toBe("personal");
  expect(passwordFault("example#9fkw2mz", person)).toBe("personal");
});

it("SES-05 hashes with argon2id over at least 19 MiB", async () => {
  const hash = await hashPassword("Vk3-pbt9qz!w");

  expect(hash).toMatch(/^\$argon2id\$v=19\$m=(19456|[2-9]\d{4,}),t=2,p=1\$/);
  expect(await passwordFits(hash, "Vk3-pbt9qz!w")).toBe(true);
  expect(await passwordFits(hash, "Vk3-pbt9qz!W")).toBe(false);
});

it("takes one password however its characters were typed", async () => {
  const hash = await hashPassword("ｖé-pbt9qzw77");

  expect(await passwordFits(hash, "vé-pbt9qzw77")).toBe(true);
});

it("SES-08 an unknown account fits no password", async () => {
  expect(await passwordFits(null, "Vk3-pbt9qz!w")).toBe(false);
});

it("SES-05 bounds parallel hashes and turns a flood away", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 80 }, () => passwordFits(null, "Vk3-pbt9qz!w")));

  const refused = tries.filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.every((one) => one.status === "rejected" && one.reason.code === "too_many_requests")).toBe(true);
});
