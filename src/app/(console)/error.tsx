"use client";

// Inside the console's frame, so that the way to other pages stays open.
export { default } from "../error";
