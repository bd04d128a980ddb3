"use client";

import { useEffect, useRef, useState } from "react";
import { lookAtFile } from "./look-at-file";
import { type UploadFailure, uploadPicture } from "./upload-picture";
import type { Uploaded } from "./values";

export type Work = { kind: "idle" } | { kind: "sending"; share: number } | { kind: "failed"; failure: UploadFailure; file: Blob };

/** One slot's uploading: a file that is chosen while another is on its way takes its place. */
export function useUpload(onDone: (picture: Uploaded) => void) {
  const [work, setWork] = useState<Work>({ kind: "idle" });
  const running = useRef<{ abort: () => void } | null>(null);
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current += 1;
      running.current?.abort();
    },
    [],
  );

  const stop = () => {
    turn.current += 1;
    running.current?.abort();
    running.current = null;
    setWork({ kind: "idle" });
  };
  const take = async (file: Blob) => {
    stop();
    const mine = turn.current;
    const isMine = () => mine === turn.current;
    setWork({ kind: "sending", share: 0 });
    const refusal = await lookAtFile(file);
    if (!isMine()) return;
    if (refusal) return setWork({ kind: "failed", failure: refusal, file });
    const upload = uploadPicture(file, (share) => isMine() && setWork({ kind: "sending", share }));
    running.current = upload;
    const outcome = await upload.done;
    if (!isMine()) return;
    running.current = null;
    if ("picture" in outcome) {
      setWork({ kind: "idle" });
      onDone(outcome.picture);
    } else if (outcome.failure !== "aborted") {
      setWork({ kind: "failed", failure: outcome.failure, file });
    }
  };
  return { work, take: (file: Blob) => void take(file), stop };
}
