const addon = require("node-datachannel");
module.exports = { addonVersion: addon.version };
