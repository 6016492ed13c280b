// Modules do not load from a file: this script does, and says so.
"use strict";
if (location.protocol === "file:") {
  const notice = document.getElementById("notice");
  notice.hidden = false;
  notice.textContent = "A browser does not let this page run from a file. `fa playground` serves it; so does any web server, for example GitHub Pages.";
  document.getElementById("count").textContent = "Not started.";
}
