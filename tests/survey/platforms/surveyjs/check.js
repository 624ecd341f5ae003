// Loads surveys into survey-core and prints what it finds wrong in each.
// node check.js <file.json> …; the folder with node_modules is RDS_NODE_MODULES.
const fs = require("fs");
const path = require("path");
const { Model } = require(path.join(process.env.RDS_NODE_MODULES, "survey-core"));

const found = process.argv.slice(2).map((file) => {
  const model = new Model(JSON.parse(fs.readFileSync(file, "utf8")));
  return {
    errors: (model.jsonErrors || []).map((error) => error.message),
    questions: model.getAllQuestions().map((question) => question.name),
    languages: model.getUsedLocales(),
  };
});
console.log(JSON.stringify(found));
