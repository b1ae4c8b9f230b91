"use strict";
require("./stack/load.cjs")(require("path").join(__dirname, "start.mjs"));
