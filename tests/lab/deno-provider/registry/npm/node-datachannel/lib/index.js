module.exports = require("../build/Release/node_datachannel.node");
