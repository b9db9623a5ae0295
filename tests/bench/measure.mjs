// How long calls take.

import { performance } from "node:perf_hooks";

/** A sample is as many calls as take this long, so that the clock's own steps do not show. */
const SAMPLE_MS = 5;

/**
 * Measures several ways to do the same, taking turns: what slows the machine down slows down each of them.
 *
 * @param {Record<string, () => unknown>} ways may return a promise, which is then awaited as a caller has to
 * @param {number} samples how many of each
 * @param {number} milliseconds how long a sample takes at least
 * @returns {Promise<Record<string, { nanoseconds: number[], calls: number }>>} a call's time in each sample, and how
 *   many calls were measured in all
 */
export async function takeTurns(ways, samples, milliseconds = SAMPLE_MS) {
  const names = Object.keys(ways);
  const each = {};
  const nanoseconds = {};
  for (const name of names) {
    each[name] = await callsThatTake(milliseconds, ways[name]);
    nanoseconds[name] = [];
  }
  for (let sample = 0; sample < samples; sample += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + sample) % names.length];
      nanoseconds[name].push(((await time(ways[name], each[name])) / each[name]) * 1e6);
    }
  }
  const result = (name) => ({ nanoseconds: nanoseconds[name], calls: each[name] * samples });
  return Object.fromEntries(names.map((name) => [name, result(name)]));
}

/** How many calls take so long, once the code is compiled as well as it gets. */
async function callsThatTake(milliseconds, way) {
  let calls = 1;
  for (let round = 0; round < 16; round += 1) {
    const taken = await time(way, calls);
    if (taken < milliseconds) calls = Math.min(calls * 4, Math.ceil((calls * milliseconds) / taken));
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

/** The median of each, in nanoseconds. */
export function medians(measured) {
  return Object.fromEntries(Object.entries(measured).map(([name, { nanoseconds }]) => [name, median(nanoseconds)]));
}

function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A time for people, with three digits that say something. */
export function span(nanoseconds) {
  const microseconds = nanoseconds / 1e3;
  const [value, unit] = microseconds < 1000 ? [microseconds, "µs"] : [microseconds / 1000, "ms"];
  return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`;
}

/** How many times as long. */
export function times(one, other) {
  const ratio = one / other;
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toPrecision(2)}×`;
}

/** A table of Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
