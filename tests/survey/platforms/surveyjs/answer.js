// Answers a survey in headless Chromium as people do: node answer.js <plan.json>.
// The plan names browser and visits; a visit has a survey, a locale and, page by page, what to click
// and type, found by the words that people read. Prints the result and the words of each visit.
const fs = require("fs");
const path = require("path");
const modules = process.env.RDS_NODE_MODULES;
const { chromium } = require(path.join(modules, "playwright-core"));

const SCRIPTS = [
  "survey-core/survey.core.min.js",
  "survey-core/survey.i18n.min.js",
  "survey-js-ui/survey-js-ui.min.js",
];

// Words as people see them: U+2060 is invisible.
const same = (text) => text.replace(/\u2060/g, "").replace(/\s+/g, " ").trim();

async function nth(found, words) {
  const texts = (await found.allTextContents()).map(same);
  const at = texts.indexOf(same(words));
  if (at < 0) throw new Error(`“${words}” is not among ${JSON.stringify(texts)}`);
  return at;
}

async function act(page, { question, row, option, typed }) {
  const asked = page.locator(`[data-name="${question}"]`);
  if (row !== undefined && option !== undefined) {
    const lines = asked.locator("tbody tr");
    const line = lines.nth(await nth(lines.locator("td:first-child"), row));
    const column = await nth(asked.locator("thead th"), option);
    await line.locator("td").nth(column + 1).locator("label").click();
  } else if (option !== undefined) {
    const items = asked.locator(".sd-item");
    await items.nth(await nth(items, option)).locator("label").click();
  } else if (row !== undefined) {
    const items = asked.locator(".sd-multipletext__item-container");
    await items.nth(await nth(items, row)).locator("input").fill(typed);
  } else {
    await asked.locator("input, textarea").first().fill(typed);
  }
}

async function emptyPage(browser, failures) {
  const page = await browser.newPage();
  page.setDefaultTimeout(60000);
  page.on("pageerror", (error) => failures.push(String(error)));
  await page.setContent('<!DOCTYPE html><div id="survey"></div>');
  await page.addStyleTag({ path: path.join(modules, "survey-core/survey-core.min.css") });
  for (const file of SCRIPTS) await page.addScriptTag({ path: path.join(modules, file) });
  return page;
}

async function visit(page, { survey, locale, pages }) {
  await page.evaluate(
    ([json, language]) => {
      document.getElementById("survey").outerHTML = '<div id="survey"></div>';
      window.result = null;
      window.survey = new Survey.Model(json);
      window.survey.locale = language;
      window.survey.onComplete.add((sender) => (window.result = sender.data));
      window.survey.render(document.getElementById("survey"));
    },
    [survey, locale],
  );
  const state = () => page.evaluate(() => [window.survey.state, window.survey.currentPageNo]);
  const onward = page.locator(".sd-navigation__next-btn:visible, .sd-navigation__complete-btn:visible");
  const shown = [];
  const stayed = [];
  for (const actions of pages) {
    const before = await state();
    for (const action of actions) await act(page, action);
    shown.push(await page.locator("#survey").innerText());
    await onward.click();
    await page.waitForTimeout(100);
    stayed.push(String(await state()) === String(before));
  }
  const result = await page.evaluate(() => window.result);
  shown.push(await page.locator("#survey").innerText());
  return { result, shown, stayed };
}

async function main() {
  const plan = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
  const browser = await chromium.launch({
    executablePath: plan.browser,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const failures = [];
  const page = await emptyPage(browser, failures);
  const visits = [];
  for (const one of plan.visits) visits.push(await visit(page, one));
  await browser.close();
  console.log(JSON.stringify({ visits, failures }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
