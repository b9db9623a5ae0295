// How long calls take.

import { performance } from "node:perf_hooks";

/** A sample is as many calls as take this long, so that the clock's own steps do not show. */
const SAMPLE_MS = 5;

/**
 * Measures several ways to do the same, taking turns: what slows the machine down slows down each of them.
 *
 * @param {Record<string, () => unknown>} ways may return a promise, which is then awaited as a caller has to
 * @param {number} samples how many of each
 * @returns {Promise<Record<string, { nanoseconds: number[], calls: number }>>} a call's time in each sample, and how
 *   many calls were measured in all
 */
export async function takeTurns(ways, samples) {
  const names = Object.keys(ways);
  const measured = {};
  for (const name of names) measured[name] = { nanoseconds: [], calls: 0, each: await callsThatTake(ways[name]) };
  for (let sample = 0; sample < samples; sample += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + sample) % names.length];
      const one = measured[name];
      one.nanoseconds.push(((await time(ways[name], one.each)) / one.each) * 1e6);
      one.calls += one.each;
    }
  }
  return Object.fromEntries(names.map((name) => [name, { ...measured[name], each: undefined }]));
}

/** Calls it until it is compiled as well as it gets, and so often that a sample takes long enough. */
async function callsThatTake(way) {
  let calls = 1;
  for (let round = 0; round < 24; round += 1) {
    const milliseconds = await time(way, calls);
    if (milliseconds >= SAMPLE_MS && round >= 8) break;
    if (milliseconds < SAMPLE_MS) calls = Math.max(calls + 1, Math.min(calls * 4, Math.ceil((calls * SAMPLE_MS) / milliseconds)));
  }
  return calls;
}

async function time(way, calls) {
  const start = performance.now();
  for (let call = 0; call < calls; call += 1) {
    const result = way();
    if (result instanceof Promise) await result;
  }
  return performance.now() - start;
}

/** What half of them are below. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A time for people, with three digits that say something. */
export function span(nanoseconds) {
  const microseconds = nanoseconds / 1e3;
  const [value, unit] = microseconds < 1000 ? [microseconds, "µs"] : [microseconds / 1000, "ms"];
  return `${value.toPrecision(3).replace(/e\+(\d+)/, "")} ${unit}`;
}

/** How many times as long. */
export const times = (one, other) => `${(one / other).toPrecision(2)}×`;

/** A table of Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
