import { AppError } from "~/lib/errors";
import { type Command, UsageError } from "./command";

const command: Command = {
  name: "database url",
  summary: "the connection string as it is, for psql and pg_dump",
  options: [{ name: "role", summary: "app (default), owner or reader, who may only read" }],
  async run({ config }, { role = "app" }) {
    const urls: Record<string, string | null> = {
      app: config.databaseUrl,
      owner: config.ownerDatabaseUrl,
      reader: config.readerDatabaseUrl,
    };
    if (!(role in urls)) throw new UsageError("--role is owner, app or reader");
    const url = urls[role];
    if (!url)
      throw new AppError(
        "unavailable",
        `no connection is configured for the role ${role}: set ${role === "owner" ? "MIGRATE" : "READER"}_DATABASE_URL`,
      );
    return { text: url };
  },
};
export default command;
