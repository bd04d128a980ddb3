import "./site.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { showKeptTheme } from "./preferences";

showKeptTheme();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has a #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
