import channelCreate from "./channel-create";
import channelDoctor from "./channel-doctor";
import { clockAdvance, clockReset, clockSet, clockShow } from "./clock";
import type { Command } from "./command";
import databaseUrl from "./database-url";
import eventVerify from "./event-verify";
import invariants from "./invariants";
import keysRotate from "./keys-rotate";
import memberAdd from "./member-add";
import paymentCreate from "./payment-create";
import procedures from "./procedures";
import reconcile from "./reconcile";
import seedDemo from "./seed-demo";
import tenantCreate from "./tenant-create";

/** Every command of the command line; a new one adds its line. */
export const commands: readonly Command[] = [
  tenantCreate,
  memberAdd,
  channelCreate,
  channelDoctor,
  paymentCreate,
  databaseUrl,
  procedures,
  invariants,
  eventVerify,
  keysRotate,
  reconcile,
  clockShow,
  clockSet,
  clockAdvance,
  clockReset,
  seedDemo,
];
