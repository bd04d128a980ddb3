import { run } from "./run";

const write = (stream: NodeJS.WriteStream) => (text: string) =>
  // What is still in the pipe is lost when the process ends: wait until whoever reads has taken it.
  new Promise<void>((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())));

run(process.argv.slice(2), process.env, { out: write(process.stdout), err: write(process.stderr) }).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
