"use client";

import { TRPCClientError } from "@trpc/client";
import { useRef, useState } from "react";

/** Asks for a file and hands it to the browser to save. Throws what a procedure would, so that screens tell it alike. */
async function saveFile(address: string, input: unknown): Promise<void> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(input),
  }).catch((cause: Error) => {
    throw TRPCClientError.from(cause);
  });
  if (!answer.ok) {
    const refusal: unknown = await answer.json().catch(() => null);
    throw TRPCClientError.from((refusal ?? new Error(`HTTP ${answer.status}`)) as never);
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "export.csv";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** One download at a time, with its state for a button and its error for the place beside it. */
export function useDownload(address: string, onSaved: () => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const start = async (input: unknown) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setError(null);
    try {
      await saveFile(address, input);
      onSaved();
    } catch (failure) {
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, error, start };
}
