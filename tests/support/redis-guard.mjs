import { spawn } from "node:child_process";

/** Runs one redis-server and tells its pid; when whoever started us is gone, however that came, so is the server. */
const [program = "", ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
server.once("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
server.once("exit", (code) => process.exit(code ?? 0));
process.once("disconnect", () => server.kill("SIGKILL"));
process.send?.({ pid: server.pid });
