import { type Algorithm, hash, verify } from "@node-rs/argon2";
import { normalPassword, OPERATOR_PASSWORD_MIN, PASSWORD_MAX, PASSWORD_MIN, type PasswordFault, passwordLength } from "~/domain/password";
import { AppError } from "~/lib/errors";
import { isCommonPassword } from "./common-passwords";

/** OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane. About 30 ms of one core. */
// The enumeration has no value at run time under isolated modules; 2 is Argon2id.
const COST = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes at once in this process, so that a flood of sign-ins takes neither all memory nor all of the thread pool (SES-05). */
const PARALLEL_MAX = 2;
/** Those who may wait for their turn: about a second's work. More are turned away at once. */
const WAITING_MAX = 64;

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= PARALLEL_MAX) {
    if (waiting.length >= WAITING_MAX) throw new AppError("too_many_requests", "too many hashes at once", { retryAfterSeconds: 2 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    // The place goes straight to the next in line, so `running` changes only when nobody waits.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(normalPassword(password), COST));

let decoy: Promise<string> | null = null;

/**
 * Whether the password fits. With no hash (an account that does not exist) it works just as long against a hash that nothing fits, so
 * that time tells nobody which accounts exist (SES-08).
 */
export async function passwordFits(passwordHash: string | null, password: string): Promise<boolean> {
  // Awaited in both cases: the first caller of a process waits for it, whoever that is.
  decoy ??= hashPassword(crypto.randomUUID());
  const nobodys = await decoy;
  if (passwordLength(password) > PASSWORD_MAX) return false;
  const fits = await inTurn(() => verify(passwordHash ?? nobodys, normalPassword(password)));
  return passwordHash !== null && fits;
}

type Person = { email: string; name: string; isOperator: boolean };

/** What is wrong with a new password for this person, or null. */
export function passwordFault(password: string, person: Person): PasswordFault | null {
  const length = passwordLength(password);
  if (length < (person.isOperator ? OPERATOR_PASSWORD_MIN : PASSWORD_MIN)) return "too_short";
  if (length > PASSWORD_MAX) return "too_long";
  const lower = normalPassword(password).toLowerCase();
  const own = [...person.email.toLowerCase().split(/[@.+_-]/), ...person.name.toLowerCase().split(/\s+/)];
  if (own.some((part) => part.length >= 4 && lower.includes(part))) return "personal";
  return isCommonPassword(password) ? "common" : null;
}

/** Throws `invalid_input` naming the rule that a new password breaks. */
export function assertPassword(password: string, person: Person): void {
  const fault = passwordFault(password, person);
  if (fault) throw new AppError("invalid_input", "password refused", { field: "password", rule: fault });
}
