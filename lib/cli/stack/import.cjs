"use strict";
// Apart from load.cjs because `import()` does not parse on the Node versions load.cjs has to turn away.
const { pathToFileURL } = require("node:url");

module.exports = (file) => import(pathToFileURL(file).href);
