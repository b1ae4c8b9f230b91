"use strict";
require("./stack/load.cjs")(require("path").join(__dirname, "test.mjs"));
