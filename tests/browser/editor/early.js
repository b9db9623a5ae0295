// Runs before the editor is defined, as the playground may.
const editor = document.querySelector("kt-editor");
editor.value = new URLSearchParams(location.search).get("text") ?? "";
window.changes = 0;
document.addEventListener("change", () => (window.changes += 1));
