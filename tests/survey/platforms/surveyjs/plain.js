// Prints SurveyJS's plain data of results: node plain.js <survey.json> <results.json> [locale].
const fs = require("fs");
const path = require("path");
const { Model } = require(path.join(process.env.RDS_NODE_MODULES, "survey-core"));

const [survey, results, locale] = process.argv.slice(2);
const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
const plain = read(results).map((data) => {
  const model = new Model(read(survey));
  if (locale) model.locale = locale;
  model.data = data;
  return model.getPlainData();
});
console.log(JSON.stringify(plain));
