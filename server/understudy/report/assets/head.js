"use strict";
document.documentElement.classList.add("js");
try {
  const kept = localStorage.getItem("understudy-theme");
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
} catch {
  // A page opened from a file may have no storage; then the system's choice holds.
}
