import { listProcedures } from "~/server/api/root";
import type { Command } from "./command";

const command: Command = {
  name: "procedures",
  summary: "every tRPC procedure: path, kind, who may call it",
  options: [],
  async run() {
    return { json: listProcedures() };
  },
};
export default command;
