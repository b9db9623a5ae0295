// What tells the classes of differences apart. A difference belongs to a class if the other simulator comes
// to our decision once it is told what it has wrong. So a class explains nothing but what it names.

import { CORRECTIONS } from "./corrections.mjs";

/** The name for what only several corrections together explain. */
const SEVERAL = "several of these at once";

/**
 * The class of a difference.
 *
 * @param difference `{question, simulation, theirs, ours, decide}`
 * @param {{id: string, when: string, theirs: string[], ours: string[]}[]} classes differences.json
 * @returns {Promise<string | undefined>}
 */
export async function classOf(difference, classes) {
  for (const entry of classes) {
    const expected = entry.theirs.includes(difference.theirs) && entry.ours.includes(difference.ours);
    if (expected && (await explain([entry], difference))) return entry.id;
  }
  return (await explain(classes, difference)) ? SEVERAL : undefined;
}

async function explain(entries, { question, simulation, theirs, ours, decide }) {
  const corrections = entries.map(correction);
  let given = simulation;
  for (const { input } of corrections) given = input?.(given, question) ?? given;
  let decision = given === simulation ? theirs : await decide(given);
  for (const { output } of corrections) decision = (await output?.(decision, question, given, decide)) ?? decision;
  return decision === ours;
}

function correction({ id, when }) {
  if (!(when in CORRECTIONS)) throw new Error(`class ${id} of differences.json asks for ${when}, which is not there`);
  return CORRECTIONS[when];
}
