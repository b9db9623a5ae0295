// Colours the page as the user chose on an earlier visit, before anything is drawn. The playground itself
// starts too late for that: one would see a flash of the other theme.
try {
  const theme = localStorage.getItem("keytrace.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the page follows the system.
}
