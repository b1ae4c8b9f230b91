"use strict";
// ES5 only: this file must parse on any Node ever released, so that an old one gets a sentence and not a syntax error.
var MINIMUM = [20, 19];

function tooOld(version) {
  var parts = version.split(".");
  var major = Number(parts[0]);
  return major < MINIMUM[0] || (major === MINIMUM[0] && Number(parts[1]) < MINIMUM[1]);
}

/** Loads an ES module, after making sure that this Node can run it. */
module.exports = function load(file) {
  var version = process.versions.node;
  if (tooOld(version)) {
    process.stderr.write("Interlock needs Node " + MINIMUM.join(".") + " or newer; this is Node " + version + ".\n");
    process.exit(1);
  }
  return require("./import.cjs")(file);
};
