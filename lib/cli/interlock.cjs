#!/usr/bin/env node
"use strict";
require("./stack/load.cjs")(require("path").join(__dirname, "stack/command.mjs"));
