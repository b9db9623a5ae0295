// Starts the playground. Trunk would do this in an inline script; from a file of its own the page can
// refuse all inline script. Trunk writes the names of what it built into data attributes of the tag.
const { js, wasm } = document.getElementById("boot").dataset;
try {
  const { default: start } = await import(new URL(js, document.baseURI));
  await start({ module_or_path: new URL(wasm, document.baseURI) });
} catch (error) {
  const status = document.getElementById("boot-status");
  if (status) status.textContent = `Keytrace could not start: ${error.message}`;
  throw error;
}
