// Compares our decisions with those of another simulator. Every difference has to fall into a class of
// differences.json, each of which names the page of AWS's documentation that settles it.
//
//   node tests/foreign/compare.mjs decisions.ndjson [scratch folder]
//
// A line of the input is `{"scenario": {…}, "request": 0, "decision": "Allowed"}`; a line without a scenario
// is about that of the line before. Of what differs outside of all classes the first is printed whole.

import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { argv, exit } from "node:process";

import { classOf } from "./classes.mjs";
import { question } from "./question.mjs";
import { simulation } from "./simulation.mjs";
import { simulator } from "./simulator.mjs";

const DECISIONS = { Allowed: "Allowed", ExplicitlyDenied: "ExplicitDeny", ImplicitlyDenied: "ImplicitDeny" };

const [, , input, folder = "target/foreign"] = argv;
const { runSimulation } = simulator(folder);
const classes = JSON.parse(readFileSync(new URL("differences.json", import.meta.url), "utf8"));

async function decide(simulation) {
  const outcome = await runSimulation(simulation, {});
  if (outcome.resultType === "error") throw new Error(`refused: ${JSON.stringify(outcome.errors)}`);
  return DECISIONS[outcome.overallResult];
}

const tally = { compared: 0, agreed: {}, classes: {}, unclassified: 0, refused: 0 };
const count = (of, name) => (of[name] = (of[name] ?? 0) + 1);

function complain(kind, what) {
  tally[kind] += 1;
  if (tally[kind] === 1) console.log(`the first that is ${kind}:\n${JSON.stringify(what, null, 1)}`);
}

let scenario;
for await (const line of createInterface({ input: createReadStream(input) })) {
  if (line === "") continue;
  const { request, decision: ours, ...rest } = JSON.parse(line);
  scenario = rest.scenario ?? scenario;
  const asked = question(scenario, scenario.requests[request]);
  const given = simulation(asked);
  let theirs;
  try {
    theirs = await decide(given);
  } catch (error) {
    complain("refused", { why: error.message, title: scenario.title, request, given });
    continue;
  }
  tally.compared += 1;
  if (theirs === ours) {
    count(tally.agreed, ours);
    continue;
  }
  const found = await classOf({ question: asked, simulation: given, theirs, ours, decide }, classes);
  if (found) count(tally.classes, found);
  else complain("unclassified", { title: scenario.title, request, theirs, ours, given });
}

const unmet = classes.map(({ id }) => id).filter((id) => !(id in tally.classes));
console.log(JSON.stringify({ ...tally, unmet }, null, 2));
exit(tally.compared > 0 && tally.unclassified === 0 && tally.refused === 0 ? 0 : 1);
