export { judgePicture, type PictureRefusal } from "./judge";
export { holdPictures, openPicture, type StoredPicture, storePicture, tidyPictures, UNUSED_KEPT_MS, UNUSED_MAX } from "./store";
