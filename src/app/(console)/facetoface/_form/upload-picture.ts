import { paths } from "~/lib/paths";
import { seconds } from "~/lib/time";
import type { PictureRefusal } from "./look-at-file";
import type { Uploaded } from "./values";

/** Why an upload came to nothing: what the server says of the picture or of the person, or that the line broke. */
export type UploadFailure =
  | PictureRefusal
  | "network"
  | "unauthenticated"
  | "forbidden"
  | "too_many_requests"
  | "limit_exceeded"
  | "unavailable";
export type UploadOutcome = { picture: Uploaded } | { failure: UploadFailure } | { failure: "aborted" };

/** 5 MB over a slow phone's line. */
const TIMEOUT_MS = seconds(120);

/** Sends one picture as it is; `onShare` hears how much of it has left. fetch cannot say that, so this is an XMLHttpRequest. */
export function uploadPicture(file: Blob, onShare: (share: number) => void): { done: Promise<UploadOutcome>; abort: () => void } {
  const request = new XMLHttpRequest();
  const done = new Promise<UploadOutcome>((resolve) => {
    request.upload.onprogress = ({ loaded, total }) => onShare(total > 0 ? loaded / total : 0);
    request.onload = () => resolve(outcomeOf(request.status, request.response));
    request.onerror = () => resolve({ failure: "network" });
    request.ontimeout = () => resolve({ failure: "network" });
    request.onabort = () => resolve({ failure: "aborted" });
    request.open("POST", paths.facetofacePictures());
    request.timeout = TIMEOUT_MS;
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

const SAID: readonly UploadFailure[] = [
  "picture_too_small",
  "picture_too_large",
  "picture_type",
  "unauthenticated",
  "forbidden",
  "too_many_requests",
  "limit_exceeded",
];

export function outcomeOf(status: number, body: unknown): UploadOutcome {
  const said = (body ?? {}) as Partial<Uploaded> & { code?: unknown };
  if (status === 201 && said.id && said.type && said.bytes) return { picture: { id: said.id, type: said.type, bytes: said.bytes } };
  return { failure: SAID.find((code) => code === said.code) ?? (status === 413 ? "picture_too_large" : "unavailable") };
}
