/** What `npm run bench` gives to `run` of tests/bench/<name>.ts: a migrated, empty and durable PostgreSQL of its own. */
export type BenchContext = {
  appUrl: string;
  ownerUrl: string;
  readerUrl: string;
  superuserUrl: string;
  dataDir: string;
};

/** A bench prints its figures itself, each beside its limit. `false` means that one missed what it must reach. */
export type Bench = { name: string; run(context: BenchContext): Promise<boolean> };
