/**
 * Progress that a person likes to read: one line per step, with its time. On a terminal the running step counts its seconds.
 * @param {NodeJS.WriteStream} stream
 */
export function createProgress(stream = process.stdout) {
  const live = stream.isTTY === true && !process.env.CI;
  const color = live && !process.env.NO_COLOR;
  /** @type {(code: number, text: string) => string} */
  const paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  /** @param {string} text */
  const line = (text) => stream.write(`${live ? "\r\u001b[2K" : ""}${text}\n`);
  const clear = () => live && stream.write("\r\u001b[2K");
  // Whoever read us may be gone. Stopping in order matters more than saying so.
  stream.on("error", () => {});

  return {
    line,
    /** @param {string} text */
    title: (text) => line(`\n${paint(1, text)}`),
    /** @param {string} text */
    warn: (text) => line(`  ${paint(33, "!")} ${text}`),

    /**
     * Shows `label` while `work` runs, then what came of it. `work` may answer a short text to stand beside the label.
     * @template T
     * @param {string} label
     * @param {() => Promise<T>} work
     * @param {(result: T) => string} [annotate]
     * @returns {Promise<T>}
     */
    async step(label, work, annotate = () => "") {
      const startedAt = performance.now();
      const elapsed = () => (performance.now() - startedAt) / 1000;
      const draw = () => stream.write(`\r\u001b[2K  … ${label} ${paint(2, `${Math.floor(elapsed())} s`)}`);
      const timer = live ? setInterval(draw, 1000) : undefined;
      if (live) draw();
      // Without a terminal a long step would look like a hang, so its beginning is told as well.
      const late = live ? undefined : setTimeout(() => line(`  … ${label}`), 2000);
      try {
        const result = await work();
        clear();
        const note = annotate(result);
        line(`  ${paint(32, "✓")} ${label.padEnd(12)} ${paint(2, `${elapsed().toFixed(1).padStart(5)} s`)}${note ? `   ${note}` : ""}`);
        return result;
      } catch (error) {
        clear();
        line(`  ${paint(31, "✗")} ${label}`);
        throw error;
      } finally {
        clearInterval(timer);
        clearTimeout(late);
      }
    },
  };
}

/** @typedef {ReturnType<typeof createProgress>} Progress */
